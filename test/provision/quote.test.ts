// Quoted commands, read back by a real shell.
import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toShell } from '#logctl/provision/quote.js'

function readBack(argv: readonly string[]): readonly string[] {
  const said = execFileSync('sh', ['-c', `printf '%s\\0' ${toShell(argv)}`], { encoding: 'utf8' })
  return said.split('\0').slice(0, -1)
}

test.each([
  [["it's", '$HOME', '`id`', '', ' ', '*', 'a\nb', '\\', '"', '!x', '~', '#', 'ü', ';', '&&']],
  [['--', '-n', '=a', 'a=b', '%s', '{a,b}', '[x]', '?', '<', '>(x)', '\t']],
])('a shell reads back %j', (argv) => {
  expect(readBack(argv)).toEqual(argv)
})

test('a shell reads back any words', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (argv) => {
      expect(readBack(argv)).toEqual(argv)
    }),
    { numRuns: 50 },
  )
})

test('plain words stay as they are', () => {
  expect(toShell(['systemctl', 'enable', '--now', 'logctl.service'])).toBe(
    'systemctl enable --now logctl.service',
  )
})
