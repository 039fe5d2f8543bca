// The configuration: a file, and the variables of the environment.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { loadConfig } from '#logctl/config/load.js'
import { SETTINGS } from '#logctl/config/settings.js'
import { casesOf } from '../cases.mjs'

const values = fc.constantFrom(
  '1', '0', '-1', '10s', '16MiB', 'auto', 'true', 'off', '[]', '{}', '[a, b]', '127.0.0.1:0', '10.0.0.0/8', '"x"', 'null',
  '~', '&a [*a]', '*a', '!!binary x', '1e400', '9999999999999999999999', '|\n  text', "'it''s'", '"\\ud800"', 'eu|us',
) // prettier-ignore
const line = fc.tuple(
  fc.constantFrom(...SETTINGS.keys(), 'port', 'host', 'keys', 'server.keys', 'a.b'),
  values,
)
const file = fc.array(line, { maxLength: 6 })

/** As a tree of sections. @param {readonly (readonly [string, string])[]} lines */
function print(lines) {
  return lines
    .map(([key, value]) => {
      const parts = key.split('.')
      return parts
        .map((part, depth) => `${'  '.repeat(depth)}${part}:${depth === parts.length - 1 ? ` ${value}` : ''}`)
        .join('\n')
    })
    .join('\n')
}

const template = join(import.meta.dirname, '..', '..', '..', 'templates')
let folder = ''

/** @type {import('../rounds.mjs').Target} */
export const config = {
  name: 'config',
  bodies: (seed) => [
    ...casesOf('config/service-file', '.yaml'),
    ...casesOf('../../templates', '.yml'),
    ...fc.sample(file, { seed, numRuns: 200 }).map((lines) => Buffer.from(print(lines))),
  ],
  words: [
    'server:\n',
    '  listen: ',
    '- ',
    ': ',
    '&a ',
    '*a',
    '<<: *a',
    '!!js/function ',
    '{',
    '[',
    '"',
    "'",
    '|',
    '\t',
    '%YAML 9\n---\n',
    '? ',
    'keys:\n- name: a\n  env: B\n',
    '#',
    '---\n',
    '...\n',
  ],
  refusals: ['CONFIG_INVALID'],
  deadlineMs: 500,
  async open() {
    folder = mkdtempSync(join(tmpdir(), 'logctl-fuzz-'))
  },
  async close() {
    rmSync(folder, { recursive: true, force: true })
  },
  async run(input) {
    const path = join(folder, 'logctl.yml')
    writeFileSync(path, input)
    const [name = '', value = ''] = input.toString('utf8').split('\n', 1)[0]?.split(':') ?? []
    const env = { [`LOGCTL_${name.trim().toUpperCase().replaceAll('.', '_')}`]: value.trim() }
    await loadConfig({
      flags: { config: path },
      env,
      cwd: folder,
      home: folder,
      isRoot: false,
      etc: template,
    })
  },
}
