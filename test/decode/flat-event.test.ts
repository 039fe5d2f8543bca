// A record written as a flat event is the same record when it is read again, whatever door it came through.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { flatEvent } from '#logctl/decode/flat-event.js'
import { decodeJsonEvents } from '#logctl/decode/formats/json-events.js'
import { canonicalLabels } from '#logctl/record/labels.js'
import { type LogRecord, recordToJson, withSortedFields } from '#logctl/record/record.js'
import type { Day } from '#logctl/record/time.js'
import { dayOf } from '#logctl/record/time.js'
import { lineDecoder } from '#logctl/store/files/file-reader.js'
import { rulesOf } from '../store/files/rules.js'
import { storable } from '../laws/storable-record.js'
import { contextOf } from './given.js'

const context = contextOf({ limits: { days: Infinity, aheadMs: Infinity } })

function readBack(record: LogRecord, text: string): string[] {
  const decoder = lineDecoder({ day: dayOf(record.timestamp) as Day, base: 0 }, rulesOf())
  const block = { bytes: Buffer.from(`${text}\n`), firstLine: 1, lines: 1, open: false }
  return decoder.decode(block).map((one) => recordToJson(withSortedFields(one)))
}

test('any record', () => {
  fc.assert(
    fc.property(storable, (record) => {
      const text = flatEvent(record, context)
      expect(text).not.toContain('\n')
      expect(readBack(record, text)).toEqual([recordToJson(withSortedFields(record))])
    }),
    { numRuns: 500 },
  )
})

test('an event of the JSON door has the keys that scripts read, and no other', () => {
  const sent = {
    '@timestamp': '2025-01-11T09:30:00.5-05:00',
    source: 'web',
    tenant: 'acme',
    stream: 'stderr',
    level: 'WARN',
    message: 'it "broke"\n  here',
    request: { id: 7, path: '/x' },
  }
  const [record] = decodeJsonEvents(Buffer.from(JSON.stringify(sent)), context).records
  expect(JSON.parse(flatEvent(record as LogRecord, context))).toEqual({
    '@timestamp': '2025-01-11T14:30:00.500000000Z',
    source: 'web',
    tenant: 'acme',
    stream: 'stderr',
    level: 'WARN',
    message: 'it "broke"\n  here',
    request_id: 7,
    request_path: '/x',
  })
})

test('an event without a line goes out as it came in', () => {
  const sent = '{"@timestamp":"2025-01-11T09:30:00Z", "method":"GET","uri":"/x","status":200}'
  const [record] = decodeJsonEvents(Buffer.from(sent), context).records
  expect(flatEvent(record as LogRecord, context)).toBe(sent)
})

test('what a sender calls like our own key changes nothing', () => {
  const forged = { message: 'x', tenant: 'mallory', _logctl: { tenant: 'acme' }, _logctl_tenant: 'acme' }
  const { records } = decodeJsonEvents(Buffer.from(JSON.stringify(forged)), contextOf({ tenant: 'mallory' }))
  const record = { ...(records[0] as LogRecord), fields: { _logctl: '{"tenant":"acme"}', n: 1 } }
  expect(readBack(record, flatEvent(record, context))).toEqual([recordToJson(record)])
  const access = { ...record, fields: { _logctl_tenant: 'acme', status: 200 }, level: 'unknown' as const }
  const said = { ...access, tenant: 'none', line: '{"status":200,"_logctl":{"tenant":"acme"}}' }
  expect(readBack(said, flatEvent(said, context))).toEqual([recordToJson(said)])
  const own = { ...record, line: '{"message":"y","_logctl":{"tenant":"acme"}}' }
  expect(readBack(own, flatEvent(own, context))).toEqual([recordToJson(own)])
})

test('an event with more keys than the door takes is whole as well', () => {
  const fields = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [`f${String(i).padStart(4, '0')}`, i]),
  )
  const labels = canonicalLabels({ namespace: 'a', pod: 'b' })
  const record = {
    ...(decodeJsonEvents(Buffer.from('{"message":"x"}'), context).records[0] as LogRecord),
    fields,
    labels,
  }
  expect(readBack(record, flatEvent(record, context))).toEqual([recordToJson(record)])
})
