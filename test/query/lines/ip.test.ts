// Addresses are found in text and told apart as numbers, not as texts.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileIp } from '#logctl/query/lines/ip.js'

test.each([
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1', 'from 10.0.0.1:80, ok', true],
  ['10.0.0.1', 'from 10.0.0.1.', true],
  ['10.0.0.1', '10.0.0.10', false],
  ['10.0.0.1', '10.0.0.01', false],
  ['10.0.0.0/31', '10.0.0.1', true],
  ['10.0.0.0/31', '10.0.0.2', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::1', false],
  ['10.0.0.1-10.0.1.0', 'x 10.0.0.255 y', true],
  ['::1', '[0:0:0:0:0:0:0:1]:443', true],
  ['2001:db8::/32', 'at 2001:DB8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::', false],
  ['::ffff:0:0/96', '::ffff:1.2.3.4', true],
  ['fe80::1-fe80::f', 'fe80::10', false],
])('%s over "%s": %s', (pattern, text, within) => expect(compileIp(pattern)?.(text)).toBe(within))

test.each([
  '',
  'x',
  '10.0.0',
  '10.0.0.1/33',
  '10.0.0.1/',
  '1::2::3',
  '::1-10.0.0.1',
  '10.0.0.2-10.0.0.1',
  '1:2:3:4:5:6:7:8:9',
])('"%s" is no pattern', (pattern) => expect(compileIp(pattern)).toBeUndefined())

test('every address is within its own block, in any text', () => {
  const text = fc.string({ unit: fc.constantFrom(' ', 'a', ',', '(', 'z') })
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), text, (address, around) => {
      expect(compileIp(address)?.(`${around} ${address} ${around}`)).toBe(true)
    }),
  )
})

test('any text is searched in time that grows with its length', () => {
  const within = compileIp('10.0.0.0/8')
  for (const piece of [':', '1', '1.', '1:', '::1.', '10.0.0'])
    expect(within?.(piece.repeat(200_000))).toBe(false)
})
