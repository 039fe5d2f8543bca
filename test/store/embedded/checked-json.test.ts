// Files with their own checksum: read back whole, or not at all.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseChecked, printChecked } from '#logctl/store/embedded/checked-json.js'

const VALUE = { a: 'é "x" ,"crc32":1}', list: [1, { b: null }], crc: 2 }
const FILE = printChecked(VALUE)

test('what was printed is read back, with the checksum as its last key', () => {
  expect(parseChecked(FILE)).toEqual(VALUE)
  expect(JSON.parse(FILE.toString())).toEqual({ ...VALUE, crc32: expect.any(Number) })
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (value) => {
      const known = JSON.parse(JSON.stringify(value)) as object
      expect(parseChecked(printChecked(known))).toEqual(known)
    }),
  )
})

test('a file that was cut is refused, wherever', () => {
  for (let length = 0; length < FILE.length - 1; length++)
    expect(parseChecked(FILE.subarray(0, length)), `cut at ${length}`).toBeUndefined()
})

test('a file with a flipped bit is refused', () => {
  for (let at = 0; at < FILE.length - 1; at++)
    for (let bit = 0; bit < 8; bit++) {
      const copy = Buffer.from(FILE)
      copy.writeUInt8(copy.readUInt8(at) ^ (1 << bit), at)
      expect({ at, bit, read: parseChecked(copy) }).toEqual({ at, bit, read: undefined })
    }
})

test.each(['', '{}', '{"a":1}\n', 'not json,"crc32":0}\n'])('%j is none of ours', (text) => {
  expect(parseChecked(Buffer.from(text))).toBeUndefined()
})
