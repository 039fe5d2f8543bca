// Grep: matches with their neighbours, marked where records are left out between them.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GrepHit, GrepRequest } from '#logctl/query/grep.js'
import { countMatches, grep } from '#logctl/query/grep.js'
import { grepCondition } from '#logctl/query/selection.js'
import { timestampOfMs } from '#logctl/record/time.js'
import type { MemoryScanner } from '../laws/memory-scanner.js'
import { memoryScanner } from '../laws/memory-scanner.js'

const FOR_X: GrepRequest = {
  where: [],
  direction: 'forward',
  text: grepCondition({ pattern: 'x' }),
  context: 0,
}

/** One record per character, in order. */
function holding(lines: string, pieceSize = 3): MemoryScanner {
  const scanner = memoryScanner(pieceSize)
  scanner.append(
    ...[...lines].map((line, index) => ({
      timestamp: timestampOfMs(index),
      tenant: 'none',
      labels: { app: line === '-' ? 'other' : 'web' },
      level: 'info' as const,
      line,
      fields: {},
    })),
  )
  return scanner
}

/** Neighbours as they are, matches in upper case, a bar where records were left out. */
async function shown(scanner: MemoryScanner, request: GrepRequest): Promise<string> {
  const hits: GrepHit[] = []
  for await (const piece of grep(scanner, request)) hits.push(...piece)
  return hits
    .map(({ record, matched, gap }) => (gap ? '|' : '') + (matched ? record.line.toUpperCase() : record.line))
    .join('')
}

test.each([
  [0, 'axbxc', 'XX'],
  [1, 'abxcd', 'bXc'],
  [1, 'xabcx', 'Xa|cX'],
  [1, 'xabx', 'XabX'],
  [1, 'xax', 'XaX'],
  [1, 'xx', 'XX'],
  [2, 'abcdxefgxh', 'cdXefgXh'],
  [2, 'xabcdexf', 'Xab|deXf'],
  [2, 'abc', ''],
  [1000, 'axb', 'aXb'],
])('with %i neighbours %s shows %s', async (context, lines, expected) => {
  expect(await shown(holding(lines), { ...FOR_X, context })).toBe(expected)
})

test.each([
  [0, 2, 'XX'],
  [1, 1, 'aXb'],
  [1, 2, 'aXbXx'],
  [2, 1, 'aXbx'],
  [1, 0, ''],
])('with %i neighbours %i matches end it', async (context, limit, expected) => {
  expect(await shown(holding('axbxx'), { ...FOR_X, context, limit })).toBe(expected)
})

test('neighbours are looked for among what is selected', async () => {
  const where: GrepRequest['where'] = [{ kind: 'label', name: 'app', op: '=', value: 'web' }]
  expect(await shown(holding('a--x-b'), { ...FOR_X, where, context: 1 })).toBe('aXb')
  expect(await shown(holding('a--x-b'), { ...FOR_X, context: 1, direction: 'backward' })).toBe('-X-')
})

test('what does not match is found inverted', async () => {
  const text = grepCondition({ pattern: 'X', ignoreCase: true, invert: true })
  expect(await shown(holding('xaxx'), { ...FOR_X, text, context: 1 })).toBe('xAx')
})

test('matches are counted up to the limit', async () => {
  expect(await countMatches(holding('axbxxc'), FOR_X)).toBe(3)
  expect(await countMatches(holding('axbxxc'), { ...FOR_X, limit: 2 })).toBe(2)
})

test.each([
  [{ context: 1001 }, 'QUERY_INVALID'],
  [{ text: grepCondition({ pattern: '(' }) }, 'PATTERN_INVALID'],
  [{ text: grepCondition({ pattern: '(' }), context: 1 }, 'PATTERN_INVALID'],
])('%j is refused', async (change, code) => {
  await expect(shown(holding(''), { ...FOR_X, ...change })).rejects.toMatchObject({ code })
})

test('neighbours are those within reach of a match, wherever pieces end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('a', 'a', 'a', 'x'), maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      async (lines, context, pieceSize) => {
        const near = [...lines].map((_, at) =>
          lines.slice(Math.max(0, at - context), at + context + 1).includes('x'),
        )
        let expected = ''
        for (const [at, line] of [...lines].entries())
          if (near[at])
            expected += (expected !== '' && !near[at - 1] ? '|' : '') + (line === 'x' ? 'X' : line)
        expect(await shown(holding(lines, pieceSize), { ...FOR_X, context })).toBe(expected)
      },
    ),
    { numRuns: 500 },
  )
})
