// A scanner behind a pipeline yields what comes out of it, as records that keep their types.
import { expect, test } from 'vitest'
import { countMatches, grep } from '#logctl/query/grep.js'
import { pipedScanner } from '#logctl/query/piped-scanner.js'
import { grepCondition, select } from '#logctl/query/selection.js'
import { tail } from '#logctl/query/tail.js'
import type { StoredRecord } from '#logctl/record/record.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { memoryScanner } from '../laws/memory-scanner.js'

function filled(): ReturnType<typeof memoryScanner> {
  const memory = memoryScanner(3)
  for (let i = 0; i < 20; i++) memory.append(record(i))
  return memory
}

const record = (i: number) => ({
  timestamp: timestampOfMs(i * 1000),
  tenant: 'none',
  labels: { app: i % 2 ? 'web' : 'api' },
  level: 'info' as const,
  line: `{"n":${i},"who":"user${i}"}`,
  fields: { host: `h${i % 3}`, port: i },
})

function piped(selector: string, scanner: Scanner = filled()) {
  const { where, stages } = select({ selector })
  return { where, scanner: pipedScanner(scanner, stages) }
}

async function flat(pieces: AsyncIterable<readonly StoredRecord[]>): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const piece of pieces) records.push(...piece)
  return records
}

test('what no stage changed keeps its type; what parsers find are fields', async () => {
  const { scanner, where } = piped('{app="web"} | json | n > 16')
  const [first] = await flat(scanner.scan({ where, direction: 'forward' }))
  expect(first).toEqual({
    ...record(17),
    sequence: 18,
    fields: { host: 'h2', n: '17', port: 17, who: 'user17' },
  })
  expect(Object.keys(first?.fields ?? {})).toEqual(['host', 'n', 'port', 'who'])
})

test('labels that a stage takes away or writes, and the line', async () => {
  const { scanner, where } = piped(
    '{} | json | port = 3 | label_format host="x", app="y" | line_format "{{.who}}"',
  )
  const found = await flat(scanner.scan({ where, direction: 'forward' }))
  expect(found.map(({ labels, fields, line }) => ({ labels, fields, line }))).toEqual([
    { labels: {}, fields: { app: 'y', host: 'x', n: '3', port: 3, who: 'user3' }, line: 'user3' },
  ])
})

test('the limit is counted behind the pipeline', async () => {
  const { scanner, where } = piped('{} | json | n < 5')
  const found = await flat(scanner.scan({ where, direction: 'backward', limit: 2 }))
  expect(found.map(({ fields }) => fields['n'])).toEqual(['4', '3'])
  expect(await flat(scanner.scan({ where, direction: 'backward', limit: 0 }))).toEqual([])
})

test('grep looks into what the pipeline shows', async () => {
  const { scanner, where } = piped('{} | json | line_format "{{.who}}!" | drop n, port, host')
  const count = (pattern: string, invert = false): Promise<number> =>
    countMatches(scanner, { where, direction: 'forward', text: grepCondition({ pattern, invert }) })
  expect(await count('user7!')).toBe(1)
  expect(await count('h2')).toBe(0)
  expect(await count('"who"')).toBe(0)
  expect(await count('user1', true)).toBe(9)
  const hits: string[] = []
  const request = { where, direction: 'forward' as const, text: grepCondition({ pattern: 'user7' }) }
  for await (const piece of grep(scanner, { ...request, context: 1 }))
    hits.push(...piece.map(({ record }) => record.line))
  expect(hits).toEqual(['user6!', 'user7!', 'user8!'])
})

test('tail shows the last that come out, then those that arrive', async () => {
  const memory = filled()
  const { scanner, where } = piped('{} | json | n >= 18', memory)
  const stop = new AbortController()
  const lines: string[] = []
  const options = { signal: stop.signal }
  for await (const piece of tail(scanner, { where, last: 5, follow: true }, options)) {
    lines.push(...piece.map(({ fields }) => String(fields['n'])))
    if (lines.length === 2) for (const i of [1, 30]) memory.append(record(i))
    if (lines.length === 3) stop.abort()
  }
  expect(lines).toEqual(['18', '19', '30'])
})

test('without stages it is the scanner itself', () => {
  const memory = filled()
  expect(pipedScanner(memory, [])).toBe(memory)
})
