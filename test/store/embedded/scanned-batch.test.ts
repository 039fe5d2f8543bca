// Scanned batches in segments: some odd bodies beside what JavaScript makes of them (thousands are in the slow laws), and
// tables that hostile senders cannot make grow.
import { expect, test } from 'vitest'
import { leaveTarget, scanJsonEvents, sharedScanner } from '#logctl/decode/scanner/scan-events.js'
import { Segment } from '#logctl/store/embedded/segment.js'
import * as fc from 'fast-check'
import { CONTEXTS, bodies, expectEqual } from '../../laws/scanned-events.js'

const BASE = CONTEXTS[0]
if (!BASE) throw new Error('there is no context')

test('a few bodies are read alike', () => {
  const given = fc.array(fc.record({ body: bodies, context: fc.constantFrom(...CONTEXTS) }), {
    minLength: 1,
    maxLength: 3,
  })
  fc.assert(
    fc.property(given, (requests) => void expectEqual(requests)),
    { numRuns: 40, seed: 7 },
  )
})

test.each([
  {
    what: 'keys',
    line: (i: number) => `{"time":"2025-01-11T09:30:00Z","message":"m","key${i}":${i},"other${i}":"x"}`,
  },
  {
    what: 'streams',
    line: (i: number) => `{"time":"2025-01-11T09:30:00Z","message":"m","app":"app${i}","n":${i}}`,
  },
  { what: 'days', line: (i: number) => `{"time":"${day(i)}T09:30:00Z","message":"m ${i}"}` },
  {
    what: 'forms',
    line: (i: number) => `{"time":"2025-01-11T09:30:00Z","a":1${' '.repeat(i % 7)},"k${i % 900}":"x${i}"}`,
  },
])('more $what than the tables hold are read all the same', ({ line }) => {
  const bytes = sharedScanner().kernel.memory.buffer.byteLength
  const lines = Array.from({ length: 3_000 }, (_, i) => line(i)).join('\n')
  expectEqual([{ body: Buffer.from(lines), context: BASE }])
  expect(sharedScanner().kernel.memory.buffer.byteLength).toBe(bytes)
})

test('tables that have filled are emptied with the next segment', () => {
  for (let round = 0; round < 4; round++) {
    const segment = new Segment('round', 1)
    for (let body = 0; body < 3; body++) {
      const lines = Array.from({ length: 1_000 }, (_, i) => {
        const unique = `${round}_${body}_${i}`
        return `{"time":"2025-01-11T09:30:00Z","message":"m","key${unique}":1}`
      })
      const { scanned } = scanJsonEvents(Buffer.from(lines.join('\n')), BASE)
      expect(scanned?.print(segment).others).toHaveLength(0)
    }
    leaveTarget(segment)
  }
})

test('a batch that was scanned long ago is read again when it is printed', () => {
  const segment = new Segment('late', 1)
  const body = Buffer.from(
    '{"time":"2025-01-11T09:30:00Z","message":"early"}\nnot JSON\n{"ts":1736586000,"msg":"b"}\n',
  )
  const early = scanJsonEvents(body, BASE)
  scanJsonEvents(Buffer.from('{"time":"2025-01-11T09:30:00Z","message":"other"}'), BASE)
  const printed = early.scanned?.print(segment)
  expect(early.scanned?.count).toBe(2)
  expect(printed?.lines.toString().match(/"line":"[a-z]+"/g)).toEqual(['"line":"early"', '"line":"b"'])
  leaveTarget(segment)
})

function day(number: number): string {
  return new Date(Date.UTC(2024, 0, 1) + (number % 300) * 86_400_000).toISOString().slice(0, 10)
}
