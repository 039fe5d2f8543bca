// Live tails share what they read: printed once, bounded, and nobody who is slow loses or repeats a record.
import { describe, expect, test } from 'vitest'
import type { LogRecord, StoredRecord } from '#logctl/record/record.js'
import type { Timestamp } from '#logctl/record/time.js'
import type { FeedReader } from '#logctl/server/live-feeds.js'
import { LiveFeeds } from '#logctl/server/live-feeds.js'
import { memoryScanner } from '../laws/memory-scanner.js'

function made(line: string, source: string): LogRecord {
  return {
    timestamp: '2025-01-11T00:00:00.000000000Z' as Timestamp,
    tenant: 'none',
    labels: { source },
    level: 'info',
    line,
    fields: {},
  }
}

function feedsOver() {
  const scanner = memoryScanner(100)
  const printed: number[] = []
  const feeds = new LiveFeeds(scanner, ({ sequence, line }: StoredRecord) => {
    printed.push(sequence)
    return `${sequence} ${line}\n`
  })
  let stored = 0
  return {
    feeds,
    printed,
    append(count: number, length = 10, source = 'web') {
      scanner.append(...Array.from({ length: count }, () => made('x'.repeat(length), source)))
      stored += count
    },
    stored: () => stored,
    join: (sequenceAbove: number, source?: string) =>
      feeds.join({
        tenants: undefined,
        where: source === undefined ? [] : [{ kind: 'label', name: 'source', op: '=', value: source }],
        sequenceAbove,
      }),
  }
}

/** Takes until a sequence was reached, or the place is lost. */
async function takeUpTo(reader: FeedReader, last: number): Promise<{ seen: number[]; behind: boolean }> {
  const { signal } = new AbortController()
  const seen: number[] = []
  while ((seen.at(-1) ?? 0) < last) {
    const taken = await reader.take(signal)
    if (taken === 'behind') return { seen, behind: true }
    if (taken === 'end') break
    for (const line of taken.bytes.toString().trimEnd().split('\n')) seen.push(Number(line.split(' ', 1)[0]))
  }
  return { seen, behind: false }
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}

test('records are printed once for all that ask for the same', async () => {
  const { join, append, printed } = feedsOver()
  const readers = numbers(1, 50).map(() => join(0))
  append(500)
  for (const { seen } of await Promise.all(readers.map((reader) => takeUpTo(reader, 500))))
    expect(seen).toEqual(numbers(1, 500))
  expect(printed).toEqual(numbers(1, 500))
})

test('other questions are answered apart', async () => {
  const { join, append } = feedsOver()
  const [web, all] = [join(0, 'web'), join(0)]
  append(3, 10, 'db')
  append(3, 10, 'web')
  expect((await takeUpTo(web, 6)).seen).toEqual([4, 5, 6])
  expect((await takeUpTo(all, 6)).seen).toEqual(numbers(1, 6))
})

test('who joins in the middle of what is kept gets the rest of it', async () => {
  const { join, append, printed } = feedsOver()
  const slow = join(0)
  append(100)
  expect((await takeUpTo(join(0), 100)).seen).toEqual(numbers(1, 100))
  expect((await takeUpTo(join(42), 100)).seen).toEqual(numbers(43, 100))
  expect((await takeUpTo(slow, 100)).seen).toEqual(numbers(1, 100))
  expect(printed).toHaveLength(100)
})

test('where nobody reads nothing is printed', async () => {
  const { join, append, printed } = feedsOver()
  const deaf = numbers(1, 80).map(() => join(0))
  append(1)
  await Promise.all(deaf.map((reader) => reader.take(new AbortController().signal)))
  append(50_000, 200)
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(printed).toEqual([1])
})

describe('a slow tail', () => {
  test('is told that it is behind, and goes on where it was without gap or repeat', async () => {
    const { join, append, stored } = feedsOver()
    const [quick, slow] = [join(0), join(0)]
    append(100)
    const first = await takeUpTo(slow, 100)
    append(10_000, 1000)
    expect((await takeUpTo(quick, stored())).seen).toEqual(numbers(1, stored()))
    const second = await takeUpTo(slow, stored())
    expect(second).toEqual({ seen: [], behind: true })
    slow.leave()
    const again = join(first.seen.at(-1) ?? 0)
    expect(await takeUpTo(again, stored())).toEqual({ seen: numbers(101, stored()), behind: false })
  })

  test('that has caught up reads along with the others', async () => {
    const { join, append, stored, printed } = feedsOver()
    const quick = join(0)
    append(10_000, 1000)
    await takeUpTo(quick, stored())
    const late = join(0)
    await takeUpTo(late, stored())
    printed.length = 0
    append(100)
    const [a, b] = await Promise.all([takeUpTo(quick, stored()), takeUpTo(late, stored())])
    expect(a.seen).toEqual(numbers(10_001, 10_100))
    expect(b.seen).toEqual(a.seen)
    expect(printed).toHaveLength(100)
  })
})

test('a failure reaches all, and later ones begin anew', async () => {
  const scanner = memoryScanner(100)
  let fails = true
  const failing: typeof scanner = {
    ...scanner,
    async *follow(request, options) {
      if (fails) throw new Error('no disk')
      yield* scanner.follow(request, options)
    },
  }
  const feeds = new LiveFeeds(failing, ({ sequence }) => `${sequence}\n`)
  const request = { tenants: undefined, where: [], sequenceAbove: 0 }
  const readers = [feeds.join(request), feeds.join(request)]
  for (const reader of readers)
    await expect(reader.take(new AbortController().signal)).rejects.toThrow('no disk')
  fails = false
  scanner.append(made('a', 'web'))
  expect((await takeUpTo(feeds.join(request), 1)).seen).toEqual([1])
})
