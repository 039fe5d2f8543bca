// README says what the program is: its tables, commands, variables, paths and its own first lines are compared.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withTables } from '../scripts/readme-tables.mjs'
import { API_KEYS_VARIABLE, SHORT_VARIABLES } from '#logctl/config/aliases.js'
import { SETTINGS } from '#logctl/config/settings.js'
import { ROOT } from './house/files.js'

const readme = read('README.md')

/** How README writes "the variable of any key". */
const PLACEHOLDER = 'LOGCTL_A_B_C'

test('the tables are what `npm run build && npm run readme` makes', async () => {
  expect(await withTables(readme, ROOT)).toBe(readme)
})

test('every table that can be made is shown once', () => {
  for (const name of ['commands', 'failures', 'metrics', 'settings'])
    expect(readme.split(`<!-- table: ${name} -->`), name).toHaveLength(2)
})

test('a marker without a table is an error', async () => {
  await expect(withTables('<!-- table: nonsense -->\n<!-- end -->', ROOT)).rejects.toThrow('nonsense')
})

test('a table that was edited by hand is put right', async () => {
  const made = await withTables('<!-- table: failures -->\n| a lie |\n<!-- end -->\n', ROOT)
  expect(made).not.toContain('a lie')
  expect(made).toContain('`UNREACHABLE`')
})

test('.ci/run runs the test command of README', () => {
  const lines = fenced(readme)
  expect(lines).toContain('npm ci && npm test -- --install')
  expect(read('.ci/run').trimEnd().split('\n').at(-1)).toBe('npm ci && npm test -- --install')
})

test('the first command is the one that shows everything', () => {
  expect(fenced(readme)[0]).toBe('npm ci && npm run build && npm run demo')
})

test('variables named in README exist', () => {
  const known = new Set([...SETTINGS.values()].map(({ variable }) => variable))
  for (const variable of [...Object.keys(SHORT_VARIABLES), API_KEYS_VARIABLE, PLACEHOLDER])
    known.add(variable)
  const named = [...readme.matchAll(/\bLOGCTL_[A-Z_]+\b/g)].map(([name]) => name)
  expect(named.filter((name) => !known.has(name))).toEqual([])
})

test('scripts named in README exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/npm run (?:--\S+ )?([a-z:-]+)/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})

test('files and folders named in README exist', () => {
  const named = [...readme.matchAll(/`((?:src|test|scripts|templates|bin|\.ci)\/[\w./-]*)`/g)].map(
    ([, name = '']) => name,
  )
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([])
})

test('every room is listed where things live', () => {
  const rooms = execFileSync('git', ['ls-files', 'src'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file.split('/').length > 2)
    .map((file) => file.split('/').slice(0, 2).join('/'))
  for (const room of new Set(rooms))
    expect(readme, `README's "Where things live" names ${room}/`).toContain(`\`${room}/\``)
})

/** The lines of the fenced shell blocks. */
function fenced(text: string): string[] {
  return [...text.matchAll(/```sh\n([^]*?)```/g)].flatMap(([, block = '']) => block.trimEnd().split('\n'))
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}
