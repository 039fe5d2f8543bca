// The suggestion for a mistyped word.
import { nearest } from '#logctl/config/nearest.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

const NAMES = ['listen', 'metrics_listen', 'auth', 'read_timeout', 'write_timeout']

test.each([
  ['lisen', 'listen'],
  ['LISTEN', 'listen'],
  ['readtimeout', 'read_timeout'],
  ['aut', 'auth'],
])('%s means %s', (word, meant) => {
  expect(nearest(word, NAMES)).toBe(meant)
})

test.each(['zzzz', '', 'postgres', 'x'.repeat(5000)])('%s means nothing', (word) => {
  expect(nearest(word, NAMES)).toBeUndefined()
})

test('a name means itself, wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,20}$/), { minLength: 1 }),
      fc.nat(),
      (names, at) => {
        const name = names[at % names.length] ?? ''
        expect(nearest(name, names)).toBe(name)
      },
    ),
  )
})
