// Pieces and kinds of characters: whatever a text contains, its pieces and kinds contain.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addPieces, hashesOf, kindsOf, noPieces, piecesOf } from '#logctl/store/embedded/pieces.js'

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'B', 'z', '7', '_', ' ', '/', 'é', '😀'), maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
)

test('a needle that stands in a text has no piece and no kind that the text lacks', () => {
  let met = 0
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(), (whole, from, length) => {
      const start = from % (whole.length + 1)
      const needle = whole.slice(start, start + (length % 12))
      const pieces = noPieces()
      const kinds = addPieces(whole, pieces)
      const held = new Set(hashesOf(pieces))
      expect([...piecesOf(needle)].filter((piece) => !held.has(piece))).toEqual([])
      expect(kindsOf(needle) & ~kinds).toBe(0)
      if (piecesOf(needle).size > 0) met++
    }),
    { numRuns: 2_000 },
  )
  expect(met).toBeGreaterThan(50)
})

test('case does not matter, and what may be in a number or boolean is not looked for', () => {
  expect(piecesOf('SegFault')).toEqual(piecesOf('segfault'))
  expect(piecesOf('segfault').size).toBe(6)
  for (const needle of ['123', '1e+21', 'rue', 'fals', 'ab', 'é1é']) expect(piecesOf(needle).size).toBe(0)
})
