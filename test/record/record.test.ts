// The JSON form of a record, its order, and what counts as an error.
import { expect, it } from 'vitest'
import {
  compareRecords,
  fieldText,
  isError,
  type LogRecord,
  recordToJson,
  type StoredRecord,
} from '#logctl/record/record.js'
import { Dictionary } from '#logctl/record/dictionary.js'
import { timestampOfMs } from '#logctl/record/time.js'

const record: LogRecord = {
  fields: { n: 1.5, ok: true, s: 'é\n' },
  line: 'a "line"',
  level: 'info',
  labels: { app: 'web', service_name: 'web' },
  tenant: 'none',
  timestamp: timestampOfMs(0),
}

function at(ms: number, sequence: number): StoredRecord {
  return { ...record, timestamp: timestampOfMs(ms), sequence }
}

it('prints its keys in one order, without the sequence', () => {
  const stored = { sequence: 7, ...record }
  expect(recordToJson(stored)).toBe(
    '{"timestamp":"1970-01-01T00:00:00.000000000Z","tenant":"none","labels":{"app":"web","service_name":"web"},' +
      '"level":"info","line":"a \\"line\\"","fields":{"n":1.5,"ok":true,"s":"é\\n"}}',
  )
})

it('prints names that every object has', () => {
  const fields = new Dictionary<string>()
  fields['__proto__'] = 'p'
  fields['constructor'] = 'c'
  expect(JSON.parse(recordToJson({ ...record, fields })).fields.constructor).toBe('c')
  expect(recordToJson({ ...record, fields })).toContain('"fields":{"__proto__":"p","constructor":"c"}')
  expect(new Dictionary<string>()['toString']).toBeUndefined()
})

it('sorts by time, then by sequence', () => {
  const sorted = [at(2, 1), at(1, 3), at(1, 2), at(-1, 9)].sort(compareRecords)
  expect(sorted.map(({ sequence }) => sequence)).toEqual([9, 2, 3, 1])
  expect(compareRecords(at(1, 1), at(1, 1))).toBe(0)
})

it('gives the text of any field', () => {
  expect([fieldText('x'), fieldText(1.5), fieldText(false)]).toEqual(['x', '1.5', 'false'])
})

it('counts stderr, error and fatal as errors', () => {
  expect(isError('stderr', 'info')).toBe(true)
  expect([isError('stdout', 'error'), isError(undefined, 'fatal')]).toEqual([true, true])
  expect([isError('stdout', 'warn'), isError(undefined, 'unknown')]).toEqual([false, false])
})
