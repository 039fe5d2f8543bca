// Sizes: every unit, and the law that whole sizes print and read back alike.
import { sizeBytes } from '#logctl/config/units.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

test.each([
  ['0', 0],
  ['65536', 65_536],
  ['16MiB', 16 * 2 ** 20],
  ['16mib', 16 * 2 ** 20],
  ['1GB', 1e9],
  ['1 GiB', 2 ** 30],
  ['1.5KiB', 1536],
  ['512M', 512 * 2 ** 20],
  ['2k', 2048],
  ['3TB', 3e12],
  ['7B', 7],
])('%s is %i bytes', (text, bytes) => {
  expect(sizeBytes(text)).toBe(bytes)
})

test.each(['', 'MiB', '-1', '1XB', '1e3', '1 0', '16 M iB', '1,5MiB', '99999999TiB', '0x10', 'constructor'])(
  '"%s" is no size',
  (text) => {
    expect(sizeBytes(text)).toBeUndefined()
  },
)

test('a whole number of any unit is that many units', () => {
  const units = fc.constantFrom(
    ['B', 1],
    ['kB', 1e3],
    ['KiB', 1024],
    ['MB', 1e6],
    ['MiB', 2 ** 20],
    ['G', 2 ** 30],
  )
  fc.assert(
    fc.property(fc.nat(1_000_000), units, fc.boolean(), (amount, [unit, factor], spaced) => {
      expect(sizeBytes(`${amount}${spaced ? ' ' : ''}${unit}`)).toBe(amount * Number(factor))
    }),
  )
})

test('no text is read as anything but a whole number of bytes, or nothing', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const bytes = sizeBytes(text)
      expect(bytes === undefined || (Number.isSafeInteger(bytes) && bytes >= 0)).toBe(true)
    }),
  )
})
