// Word filters: never no to a word that is there, seldom yes to one that is not.
import { describe, expect, test } from 'vitest'
import {
  OPEN_FILTER,
  type WantedWords,
  buildWordFilter,
  mayContain,
  mergeWordFilters,
} from '#logctl/store/embedded/word-filter.js'
import { addWords } from '#logctl/store/embedded/words.js'

function wanted(words: ReadonlySet<number>): WantedWords {
  return { words, pieces: new Set() }
}

function wordsOf(prefix: string, count: number): Set<number> {
  const words = new Set<number>()
  for (let i = 0; i < count; i++) addWords(`${prefix}${i}`, words)
  return words
}

function shareOfYes(filter: Buffer, words: ReadonlySet<number>): number {
  let yes = 0
  for (const word of words) if (mayContain(filter, wanted(new Set([word])))) yes++
  return yes / words.size
}

describe.each([0, 1, 30, 1_000, 60_000])('%i words', (count) => {
  const words = wordsOf('here', count)
  const filter = buildWordFilter([words])

  test('are all found', () => {
    expect(count === 0 ? 1 : shareOfYes(filter, words)).toBe(1)
    if (count <= 1_000) expect(mayContain(filter, wanted(words))).toBe(true)
  })

  test('others are not, but for one in fifty', () => {
    expect(shareOfYes(filter, wordsOf('absent', 20_000))).toBeLessThan(0.02)
  })
})

test('words of a merged filter must stand in one of its parts together', () => {
  const [one, two] = [wordsOf('one', 500), wordsOf('two', 20)]
  const merged = mergeWordFilters([buildWordFilter([one]), buildWordFilter([two])])
  expect(shareOfYes(merged, new Set([...one, ...two]))).toBe(1)
  expect(mayContain(merged, wanted(one))).toBe(true)
  expect(mayContain(merged, wanted(new Set([...one, ...two])))).toBe(false)
  expect(shareOfYes(merged, wordsOf('absent', 10_000))).toBeLessThan(0.04)
})

test('what is no filter, or was cut, keeps nothing out', () => {
  const filter = buildWordFilter([wordsOf('here', 100)])
  const absent = wordsOf('absent', 30)
  expect(mayContain(filter, wanted(absent))).toBe(false)
  for (const damaged of [OPEN_FILTER, filter.subarray(0, 20), filter.subarray(0, -1), filter.subarray(8)])
    expect(mayContain(damaged, wanted(absent))).toBe(true)
  expect(mayContain(mergeWordFilters([filter, OPEN_FILTER, filter]), wanted(absent))).toBe(true)
})
