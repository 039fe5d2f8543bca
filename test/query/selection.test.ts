// Flags and selectors together: each is one more condition.
import { expect, test } from 'vitest'
import { selection } from '#logctl/query/selection.js'

test('nothing selected is everything', () => {
  expect(selection({})).toEqual([])
  expect(selection({ selector: '{}', level: [] })).toEqual([])
})

test('every part is a condition', () => {
  expect(
    selection({
      selector: '{app="web"} != "health"',
      level: ['error, WARN', 'error'],
      source: 'api',
      line: 'took \\d+',
      grep: { pattern: 'a.b', literal: true, invert: true },
    }),
  ).toEqual([
    { kind: 'label', name: 'app', op: '=', value: 'web' },
    { kind: 'line', op: '!=', values: ['health'] },
    { kind: 'level', anyOf: ['error', 'warn'] },
    { kind: 'label', name: 'source', op: '=', value: 'api' },
    { kind: 'line', op: '|~', values: ['took \\d+'] },
    { kind: 'text', pattern: 'a.b', literal: true, ignoreCase: false, invert: true },
  ])
})

test.each([
  ['loud', ['the levels are trace, debug, info, warn, error, fatal, unknown']],
  [
    'warning',
    ['warning is stored as warn', 'the levels are trace, debug, info, warn, error, fatal, unknown'],
  ],
  ['', ['the levels are trace, debug, info, warn, error, fatal, unknown']],
])('the level "%s" is refused with the names that exist', (name, hints) => {
  expect(() => selection({ level: [`error,${name}`] })).toThrow(
    expect.objectContaining({ code: 'QUERY_INVALID', message: `"${name}" is not a level`, hints }),
  )
})
