// Words: what a filter is asked for is in every text that could match.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addWords, innerWords } from '#logctl/store/embedded/words.js'

const text = fc
  .array(fc.constantFrom(...'a|B|é|😀|_|0| |.|-|"|\n|\u0000|\u2028|ab|ﬀ|\ud83d|1e|+'.split('|')), {
    maxLength: 14,
  })
  .map((parts) => parts.join(''))

function wordsOf(...texts: string[]): Set<number> {
  const words = new Set<number>()
  for (const one of texts) addWords(one, words)
  return words
}

test('the inner words of a needle are words of every text around it', () => {
  let met = 0
  fc.assert(
    fc.property(text, text, text, (before, needle, after) => {
      const words = wordsOf(Buffer.from(before + needle + after).toString())
      // Texts are well-formed when they are stored; needles need not be.
      fc.pre(!/\p{Surrogate}/u.test(before + needle + after))
      for (const word of innerWords(needle)) expect(words.has(word)).toBe(true)
      if (innerWords(needle).size > 0) met++
    }),
    { numRuns: 5_000 },
  )
  expect(met).toBeGreaterThan(500)
})

test('no needle that a number could contain has inner words', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.nat(20),
      fc.nat(20),
      (number, from, to) => {
        expect(innerWords(String(number).slice(from, to)).size).toBe(0)
      },
    ),
    { numRuns: 3_000 },
  )
})

test('words are whole, ASCII case apart', () => {
  expect(wordsOf('GET /cart?id=7')).toEqual(wordsOf('get', 'CART', 'Id', '7'))
  expect(wordsOf('Ünï')).not.toEqual(wordsOf('ünï'))
  expect(wordsOf('a_b')).not.toEqual(wordsOf('a', 'b'))
  expect(wordsOf('', ' .-"')).toEqual(new Set())
})

test.each([
  ['connection refused', []],
  ['x connection refused y', ['connection', 'refused']],
  [' refused', []],
  [' refused ', ['refused']],
  ['/cart/', ['cart']],
  ['10.0.0.1', []],
  ['"status":200', ['status']],
])('%j looks up %j', (needle, words) => {
  expect(innerWords(needle)).toEqual(wordsOf(...words))
})
