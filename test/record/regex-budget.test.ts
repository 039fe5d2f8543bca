// A regular expression gets the time that its text is worth: everyday ones never feel it, a hostile one is stopped
// on one long text as on many short ones.
import { expect, test } from 'vitest'
import { compileRegex } from '#logctl/record/regex.js'
import { numberBelow, randomOf } from '../fuzz/random.mjs'

const MIB = 2 ** 20
/** Many threads stay alive, and each text reaches other states than the last. */
const HOSTILE = '(?:(?:a|b|c).{0,30}){25}[^a-z !1é\\n]$'
const LETTERS = 'abc 1\né!'
const random = randomOf(1)
const LONG = Array.from({ length: MIB }, () => LETTERS[numberBelow(random, LETTERS.length)]).join('')
/** Of its budget for 1 MiB (350 ms), on a busy machine. */
const SOON_MS = 5000

function timed(run: () => void): { ms: number; code: unknown } {
  const startedMs = performance.now()
  try {
    run()
    return { ms: performance.now() - startedMs, code: undefined }
  } catch (error) {
    return { ms: performance.now() - startedMs, code: (error as { code?: unknown }).code }
  }
}

test('everyday patterns take megabytes', () => {
  const line = 'GET /api/items/17 user=bob status=200 took 12 ms ERROR none '
  const text = line.repeat(MIB / line.length)
  for (const pattern of [
    'error.*timeout$',
    '\\d+\\.\\d+\\.\\d+\\.\\d+',
    '(?i)no[a-z]+ such .*thing',
    '^x{1,60}y{1,60}',
  ]) {
    const regex = compileRegex(pattern)
    for (let round = 0; round < 2; round++) expect(regex.test(text)).toBe(false)
  }
})

test.each([
  ['one long text', [LONG]],
  [
    'many short ones',
    Array.from({ length: LONG.length / 256 }, (_, i) => LONG.slice(i * 256, i * 256 + 256)),
  ],
])('a hostile pattern on %s ends soon', (_, texts) => {
  const regex = compileRegex(HOSTILE)
  const { ms, code } = timed(() => {
    for (const text of texts) regex.test(text)
  })
  expect(ms).toBeLessThan(SOON_MS)
  expect([undefined, 'QUERY_LIMIT']).toContain(code)
})

test('a budget that is used up is refused with the pattern’s name', () => {
  const regex = compileRegex(HOSTILE)
  const all = () => {
    for (let round = 0; round < 50; round++)
      for (let at = 0; at + 4000 < LONG.length; at += 4000) regex.test(LONG.slice(at, at + 4000))
  }
  expect(all).toThrow(
    expect.objectContaining({ code: 'QUERY_LIMIT', message: expect.stringContaining(HOSTILE) }),
  )
  // Another caller of the same pattern has a budget of its own.
  expect(compileRegex(HOSTILE).test('abc')).toBe(false)
})
