// Lines that have a shape and lines that have none, decoded as the JSON door does.
import type { DecodeContext } from '#logctl/decode/decoded.js'
import { decodeJsonEvents } from '#logctl/decode/formats/json-events.js'
import { scanJsonEvents } from '#logctl/decode/scanner/scan-events.js'
import type { LogRecord } from '#logctl/record/record.js'
import type { AppendBatch } from '#logctl/store/store.js'

const CONTEXT: DecodeContext = {
  nowMs: Date.UTC(2025, 0, 12),
  labelKeys: new Set(['source', 'tenant', 'level', 'stream']),
  limits: {
    lineBytes: 1 << 20,
    fields: 1000,
    depth: 32,
    labels: 32,
    days: 400,
    aheadMs: 600_000,
    recordBytes: 8 << 20,
  },
}

export function decode(...lines: string[]): LogRecord[] {
  return decodeJsonEvents(Buffer.from(lines.join('\n')), CONTEXT).records
}

/** The same as bytes, as a server hands them to its store. */
export function scan(...lines: string[]): AppendBatch {
  const { scanned, records } = scanJsonEvents(Buffer.from(lines.join('\n')), CONTEXT)
  return { scanned, records }
}

export const SHAPED = [
  '{"@timestamp":"2025-01-11T09:30:00.123Z","method":"GET","uri":"/a b?c=1","status":200,"tenant":"acme"}',
  '{"@timestamp":"2025-01-11T09:30:00-05:00","method":"GET","uri":"/","status":200}',
  '{"time":"2025-01-11T09:30:00.123456789+05:30","a":"x","ok":true,"no":false,"ratio":0.045}',
  '{ "time" : "2025-01-11T09:30:00Z" , "café" : "☕ ok" , "n" : -12 }',
  '{"ts":1736586000,"a":"x"}',
  '{"ts":1736586000123,"a":"x"}',
  '{"ts":"1736586000123456789","a":"x"}',
  '{"time":"2025-01-11T09:30:00Z","gone":null,"a":""}',
]

export const TEXT = [
  '{"time":"2025-01-11T09:30:00Z","escaped":"a\\nb"}',
  '{"time":"2025-01-11T09:30:00Z","spelled":1.0}',
  '{"time":"2025-01-11T09:30:00Z","spelled":1e3}',
  '{"time":"2025-01-11T09:30:00Z","big":12345678901234567890.5}',
  '{"time":"2025-01-11T09:30:00Z","list":[1,2]}',
  '{"time":"2025-01-11T09:30:00Z","nested":{"a":1}}',
  '{"time":"2025-01-11 09:30:00","a":"x"}',
  '{"time":"2025-01-11T09:30:00Z","a":"x","a":"y"}',
]
