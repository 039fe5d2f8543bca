// Bodies of NDJSON, usual and odd, and what must be equal about them whether the scanner reads them or JavaScript: the
// answer, the records that are read back, and all that is known of a day.
import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { DecodeContext, Decoded } from '#logctl/decode/decoded.js'
import { decodeJsonEvents } from '#logctl/decode/formats/json-events.js'
import { leaveTarget, scanJsonEvents } from '#logctl/decode/scanner/scan-events.js'
import type { LogRecord } from '#logctl/record/record.js'
import type { DayIndex } from '#logctl/store/embedded/day-index.js'
import { hashesOf } from '#logctl/store/embedded/pieces.js'
import { HotBatch } from '#logctl/store/embedded/hot-batch.js'
import { Segment, recordsOf } from '#logctl/store/embedded/segment.js'

const KEYS = [
  '@timestamp', 'timestamp', 'time', 'ts', 'message', 'msg', 'log', 'body', 'level', 'severity', 'lvl', 'tenant', 'source',
  'app', 'stream', 'host', 'method', 'status', 'uri', 'path', 'url', 'a', 'b', 'user_agent', 'duration', 'é', 'x y', '',
  '7', '__proto__', 'constructor', 'error', '_own', 'date', 'A', 'q\\"q', 'n\\u0041', '{[', 'service_name', 'k'.repeat(300),
] // prettier-ignore

const TIMES = [
  '"2025-01-11T09:30:00.123Z"', '"2025-01-11T09:30:00Z"', '"2025-01-11T00:00:00.000000000Z"', '"2025-01-11T09:30:00.1234567891Z"',
  '"2025-01-11T09:30:00.5-05:00"', '"2025-01-12T01:59:59.999999+05:30"', '"2025-02-30T09:30:00Z"', '"2024-02-29T23:59:60Z"',
  '"2025-01-11 09:30:00Z"', '"2025-01-11T09:30:00"', '"1677-01-01T00:00:00Z"', '"2261-12-31T23:30:00-01:00"', '"2030-01-01T00:00:00Z"',
  '"2025-01-1109:30:00Z"', '1736586000', '1736586000123', '"1736586000123456789"', '1736586000.5', '"yesterday"', '""', 'null',
  '"2025-01-11T24:00:00Z"', '"2025-01-11T10:00:00+00:00"', '"1678-06-01T00:00:00Z"', '"2025-01-11T09:30:00.+01:00"',
] // prettier-ignore

const TEXTS = [
  '""', '"a"', '"ERROR in it"', '"[warn] x"', '"level=debug"', '"{\\"level\\":\\"fatal\\"}"', '"line\\nbreak\\t\\\\ \\"q\\""', '"slash\\/"',
  '"uni\\u00e9"', '"half\\ud83d"', '"nul\\u0000"', '"é☕😀"', '"éERROR☕"', '"   "', '"GET"', '"stderr"', '"info"', '"notice"', '"30"',
  '"access"', '"/a/b?c=1"', '"10.0.0.1"', '"x,y:z{}[]"', '"\\b\\f\\r"', '"severity"', '"err]"', '"(Err )"', `"${'long '.repeat(30)}"`,
  '"2025-01-11T09:30:00Z"', '"tab\there"', '"W1 w1 _w é1"', '"\\\\"', '"\\\\\\""', `"${'t'.repeat(300)}"`,
] // prettier-ignore

const OTHERS = [
  '0', '-0', '1', '-12', '200', '1.5', '-0.25', '1.0', '1e3', '1E-7', '0.000001', '0.0000001', '123456789012345', '1234567890123456',
  '12345678901234567890', '0.1234567890123456', '9007199254740993', '01', '1.', '.5', '-', '+1', 'true', 'false', 'null', 'nul', 'tru',
  '[]', '[1,"a"]', '{}', '{"a":1}', '{"level":"warn"}', '1e400', 'NaN', '-5.50', '99999.123456789', '100', '30', '50', '6',
] // prettier-ignore

const anyText = fc.string({ maxLength: 12, unit: 'grapheme' }).map((text) => JSON.stringify(text))
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 3, arbitrary: fc.constantFrom(...OTHERS) },
  { weight: 1, arbitrary: fc.constantFrom(...TIMES) },
  { weight: 2, arbitrary: anyText },
  { weight: 1, arbitrary: fc.integer().map(String) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
)
/** Good values, so that most lines are not left to JavaScript because of one odd member. */
const plain = fc.constantFrom(
  ...TEXTS.filter((text) => !text.includes('\\u')),
  '1',
  '200',
  '0.5',
  'true',
  'null',
)

function member(of: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const space = fc.constantFrom('', '', '', '', ' ')
  return fc
    .tuple(fc.constantFrom(...KEYS), of, space, space)
    .map(([key, text, a, b]) => `"${key}"${a}:${b}${text}`)
}

const timeMember = fc
  .tuple(fc.constantFrom('@timestamp', 'time'), fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...TIMES.slice(0, 3)) }, { weight: 3, arbitrary: fc.constantFrom(...TIMES) }))
  .map(([key, text]) => `"${key}":${text}`) // prettier-ignore

const event = fc
  .tuple(
    fc.option(timeMember, { nil: undefined, freq: 8 }),
    fc.oneof(
      { weight: 3, arbitrary: fc.array(member(plain), { maxLength: 7 }) },
      { weight: 2, arbitrary: fc.array(member(value), { maxLength: 7 }) },
    ),
    fc.constantFrom(',', ',', ', '),
    fc.constantFrom('{}', '{}', '{}', '{}', '{ }', ' {}', '{} ', '{'),
  )
  .map(([time, members, comma, [open = '{', ...close]]) =>
    `${open}${[...(time === undefined ? [] : [time]), ...members].join(comma)}${close.join('')}`,
  ) // prettier-ignore

/** An access log in one form, as most lines of a day are. */
const access = fc
  .tuple(
    fc.nat(86_399_999),
    fc.constantFrom('acme', 'web', ''),
    fc.constantFrom('200', '404', '0.5'),
    anyText,
  )
  .map(([ms, tenant, status, uri]) => {
    const time = new Date(Date.UTC(2025, 0, 11) + ms).toISOString()
    return `{"@timestamp":"${time}","method":"GET","uri":${uri},"status":${status},"tenant":"${tenant}"}`
  })

const line = fc.oneof(
  { weight: 6, arbitrary: event },
  { weight: 3, arbitrary: access },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '   ', 'text', '[1]', '"text"', '{"a":1}{"b":2}', '{"a":', '{}'),
  },
)

const mutation = fc.record({
  at: fc.nat(),
  byte: fc.nat(255),
  kind: fc.constantFrom('replace', 'drop', 'insert'),
})

/** One body; sometimes with damaged bytes. */
export const bodies: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 14 }),
    fc.constantFrom('\n', '\n', '\n', '\r\n'),
    fc.constantFrom('', '\n'),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(mutation, { maxLength: 3 }) },
    ),
  )
  .map(([lines, end, last, mutations]) => {
    let body = Buffer.from(lines.join(end) + last)
    for (const { at, byte, kind } of mutations) {
      const place = at % (body.length + 1)
      const behind = kind === 'insert' ? place : place + 1
      const middle = kind === 'drop' ? [] : [byte]
      body = Buffer.concat([body.subarray(0, place), Buffer.from(middle), body.subarray(behind)])
    }
    return body
  })

const LIMITS: DecodeContext['limits'] = {
  lineBytes: 1 << 20,
  fields: 1000,
  depth: 32,
  labels: 32,
  days: 400,
  aheadMs: 600_000,
  recordBytes: 8 << 20,
}
const LABEL_KEYS = 'source app service job host container stream level env region tenant'.split(' ')
const BASE: DecodeContext = { nowMs: Date.UTC(2025, 0, 20), labelKeys: new Set(LABEL_KEYS), limits: LIMITS }

export const CONTEXTS: readonly DecodeContext[] = [
  BASE,
  BASE,
  { ...BASE, tenant: 'bound' },
  { ...BASE, labelKeys: new Set(['app', 'method', 'duration']) },
  { ...BASE, limits: { ...LIMITS, fields: 4, lineBytes: 256, recordBytes: 4000 } },
  { ...BASE, limits: { ...LIMITS, days: 1, maxAgeMs: 30 * 86_400_000 } },
]

/** Reads bodies both ways, each into a segment, and compares everything. */
export function expectEqual(
  given: readonly { readonly body: Buffer; readonly context: DecodeContext }[],
): number {
  const judged = new Segment('judged', 1)
  const scanned = new Segment('scanned', 1)
  let taken = 0
  for (const { body, context } of given) {
    const byJudge = decodeJsonEvents(body, context)
    const byScanner = scanJsonEvents(body, context)
    expect(answerOf(byScanner)).toEqual(answerOf(byJudge))
    expect(byScanner.records).toEqual(byJudge.records)
    addJudged(judged, byJudge.records)
    taken += addScanned(scanned, byScanner)
  }
  leaveTarget(scanned)
  expect(JSON.stringify(readBack(scanned))).toBe(JSON.stringify(readBack(judged)))
  expect(daysOf(scanned)).toEqual(daysOf(judged))
  return taken
}

function answerOf({ rejected, rejections, repaired, records, scanned }: Decoded): object {
  return { rejected, rejections, repaired, count: scanned?.count ?? records.length }
}

function addJudged(segment: Segment, records: readonly LogRecord[]): void {
  const lines = Buffer.from(records.map((record) => segment.printLine(record)).join(''))
  segment.add(new HotBatch(frameOf(segment, records.length), lines, 0), 0, records)
}

/** How many lines the scanner took. */
function addScanned(segment: Segment, decoded: Decoded): number {
  if (!decoded.scanned) {
    addJudged(segment, decoded.records)
    return 0
  }
  const printed = decoded.scanned.print(segment)
  const shapes = Object.fromEntries(
    printed.shapes.map((number) => [number, segment.shapes.list[number] ?? []]),
  )
  segment.add(
    new HotBatch({ ...frameOf(segment, decoded.scanned.count), shapes }, printed.lines, 0),
    0,
    printed,
  )
  return decoded.scanned.count - printed.others.length
}

function frameOf(
  segment: Segment,
  records: number,
): { sequence: number; records: number; bytes: number; arrived: string } {
  return { sequence: segment.lastSequence + 1, records, bytes: 0, arrived: '2025-01-20T00:00:00.000Z' }
}

function readBack(segment: Segment): unknown[] {
  return segment.batches.flatMap((batch) => [...recordsOf(batch)])
}

function daysOf({ days, streams }: Segment): object {
  return Object.fromEntries([...days].map(([day, index]) => [day, dayOf(index, streams)]))
}

function dayOf(index: DayIndex, streams: Segment['streams']): object {
  const { records, bytes, from, to, unit, pieced, pieces } = index
  const counts = [...index.counts].map(([key, count]) =>
    JSON.stringify([key % 168, streams[Math.floor(key / 168)], count]),
  )
  return {
    records,
    bytes,
    from,
    to,
    unit,
    pieced,
    pieces: [...hashesOf(pieces)],
    counts: counts.sort(),
    labels: columnsOf(index.labels),
    fields: columnsOf(index.fields),
    words: [...new Set(index.allWords().flatMap((hashes) => Array.from(hashes)))].sort((a, b) => a - b),
    streams: [...index.streams].map((number) => JSON.stringify(streams[number])).sort(),
  }
}

function columnsOf(columns: DayIndex['fields']): object {
  return Object.fromEntries(
    [...columns].map(([name, { texts, ...column }]) => [
      name,
      { ...column, texts: texts && [...texts].sort() },
    ]),
  )
}
