// What every decoder promises of what it gives back, whatever it was given.
import assert from 'node:assert/strict'
import { REJECTIONS_SHOWN } from '#logctl/decode/decoded.js'
import { isLevel } from '#logctl/record/level.js'
import { recordToJson } from '#logctl/record/record.js'

const TIMESTAMP = /^\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{9}Z$/
const LABEL_KEYS = 'source app service job host container stream level env region tenant'.split(' ')

/** Small limits, so that inputs of a few hundred bytes reach them. @type {import('#logctl/decode/decoded.js').DecodeContext} */
export const CONTEXT = {
  nowMs: Date.UTC(2025, 0, 12),
  labelKeys: new Set(LABEL_KEYS),
  limits: { lineBytes: 200, fields: 12, depth: 6, labels: 4, days: 3, aheadMs: 600_000, recordBytes: 2000 },
}

/** Refused and kept together. @param {import('#logctl/decode/decoded.js').Decoded} decoded */
export function eventsOf({ records, rejected }) {
  return records.length + Object.values(rejected).reduce((sum, count) => sum + count, 0)
}

/** Throws where a store could not take the records, or the account is wrong. @param {import('#logctl/decode/decoded.js').Decoded} decoded */
export function judgeDecoded(decoded) {
  const refused = eventsOf(decoded) - decoded.records.length
  assert.equal(decoded.rejections.length, Math.min(refused, REJECTIONS_SHOWN), 'refusals shown')
  for (const count of [...Object.values(decoded.rejected), ...Object.values(decoded.repaired)])
    assert.ok(Number.isSafeInteger(count) && count > 0, 'counts are positive')
  const days = new Set()
  for (const record of decoded.records) {
    judgeRecord(record)
    days.add(record.timestamp.slice(0, 10))
  }
  assert.ok(days.size <= CONTEXT.limits.days, 'days')
}

/** @param {import('#logctl/record/record.js').LogRecord} record */
function judgeRecord(record) {
  const { timestamp, tenant, labels, level, line, fields } = record
  assert.match(timestamp, TIMESTAMP)
  assert.ok(!Number.isNaN(Date.parse(`${timestamp.slice(0, 19)}Z`)), 'a real moment')
  assert.ok(isLevel(level), 'level')
  assert.ok(Buffer.byteLength(line) <= CONTEXT.limits.lineBytes, 'line too long')
  assert.ok(tenant !== '' && tenant.length <= 256, 'tenant')
  const names = Object.keys(labels)
  // Names that are numbers come first in any object of JavaScript.
  const sorted = Object.keys(Object.fromEntries(names.toSorted().map((name) => [name, ''])))
  assert.deepEqual(names, sorted, 'labels in order')
  assert.ok(names.includes('service_name'), 'service_name')
  for (const value of Object.values(labels))
    assert.ok(typeof value === 'string' && value !== '', 'label value')
  for (const value of Object.values(fields))
    assert.ok(
      typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value),
      'field value',
    )
  const json = recordToJson(record)
  assert.ok(Buffer.byteLength(json) <= CONTEXT.limits.recordBytes, 'record too long')
  // A lone surrogate or NUL would stand in JSON as an escape.
  assert.ok(!/\\u(?:d[89a-f]|0000)/.test(json.replaceAll('\\\\', '')), 'text of the record')
  assert.equal(recordToJson(JSON.parse(json)), json, 'JSON of the record')
}
