// templates/logctl.yml is the manual of the configuration: it loads, says the defaults, and has every key.
import { keySection } from '#logctl/config/sections/ingest.js'
import { PATH_KEYS, SETTINGS } from '#logctl/config/settings.js'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadFrom } from './load-from.js'

const TEMPLATE = readFileSync(new URL('../../templates/logctl.yml', import.meta.url), 'utf8')

/** A key behind `# ` is an example of what has no default; prose never begins with a lower-case word and a colon. */
const EXAMPLE = /^( *)# ( *(?:- )?[a-z_]+:(?: .*)?)$/gm
const WITH_EXAMPLES = TEMPLATE.replaceAll(EXAMPLE, '$1$2')

/** `a.b_c` of every key in the text; a list of keys counts as `keys[].name`. */
function keysIn(text: string): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (tree: unknown, path: string): void => {
    if (Array.isArray(tree) && path === 'keys') for (const entry of tree) walk(entry, 'keys[]')
    else if (typeof tree === 'object' && tree !== null && !Array.isArray(tree)) {
      for (const [name, inner] of Object.entries(tree)) walk(inner, path === '' ? name : `${path}.${name}`)
    } else names.add(path)
  }
  walk(parse(text), '')
  return names
}

test('it loads, and equals the defaults', async () => {
  const [bare, written] = [await loadFrom({}), await loadFrom({ file: TEMPLATE })]
  expect({ ...written.config, store: { ...written.config.store, data: '' } }).toEqual({
    ...bare.config,
    store: { ...bare.config.store, data: '' },
  })
  expect(written.warnings).toEqual([])
})

test('what has a default stands open', () => {
  const expected = [...SETTINGS.values()]
    .filter(({ fallback }) => fallback !== undefined)
    .map(({ key }) => key)
  expect(
    [...keysIn(TEMPLATE)].filter((key) => !['client', 'mirror', 'heroku'].includes(key)).toSorted(),
  ).toEqual(expected.toSorted())
})

test('with its examples it has every key of the schema, and no other', () => {
  const inKeys = Object.keys(keySection.shape).map((name) => `keys[].${name}`)
  const expected = [...SETTINGS.keys()].filter((key) => key !== 'keys').concat(inKeys)
  expect([...keysIn(WITH_EXAMPLES)].toSorted()).toEqual(expected.toSorted())
})

test('its examples load', async () => {
  const { config } = await loadFrom({
    file: WITH_EXAMPLES,
    env: { WEB_LOG_KEY: 'w' },
    beside: { 'grafana.key': 'g' },
  })
  expect(config.keys.map(({ name }) => name)).toEqual(['web', 'grafana', 'laptop'])
  for (const key of PATH_KEYS) expect(WITH_EXAMPLES).toContain(`${key.split('.')[1] ?? ''}: /`)
})

test('every key has a comment above it, its own or that of its group', () => {
  const lines = WITH_EXAMPLES.split('\n')
  const open = TEMPLATE.split('\n')
  const bare = open.filter((line, at) => {
    const isKey = /^ *[a-z_]+:/.test(line)
    return isKey && !(open[at - 1] ?? '').trim().startsWith('#')
  })
  expect([bare, lines.length]).toEqual([[], open.length])
})
