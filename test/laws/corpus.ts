// The records that the laws of reading are tried on: few, and with a reason for each of their values.
import { label, line, text } from '../record/conditions.js'
import { LEVELS } from '#logctl/record/level.js'
import type { LogRecord } from '#logctl/record/record.js'
import type { Condition } from '#logctl/record/scan-request.js'
import type { Timestamp } from '#logctl/record/time.js'

/** Borders of days, seconds, milliseconds and microseconds, before 1970 and far ahead. */
export const MOMENTS = [
  '1969-12-31T23:59:59.999999999Z',
  '1969-12-31T23:59:59.999000000Z',
  '1970-01-01T00:00:00.000000000Z',
  '1970-01-01T00:00:00.000000001Z',
  '1990-06-15T12:00:00.500000000Z',
  '2025-01-11T00:00:00.000000000Z',
  '2025-01-11T09:30:00.123456789Z',
  '2025-01-11T09:30:00.123456790Z',
  '2025-01-11T09:30:00.124000000Z',
  '2025-01-11T09:30:01.000000000Z',
  '2025-01-11T23:59:59.999999999Z',
  '2025-01-12T00:00:00.000000000Z',
  '2025-01-12T00:00:00.000001000Z',
  '2100-02-28T23:59:59.999999000Z',
] as Timestamp[]

const STREAMS = [
  { app: 'web', service_name: 'web', source: 'navigator', stream: 'stdout' },
  { app: 'web', service_name: 'web', source: 'navigator', stream: 'stderr' },
  { service_name: 'unknown_service' },
  { app: 'Web', level: 'WARNING', service_name: 'Web', tenant: 'sent' },
  { constructor: 'c', env: 'a"b\\c', service_name: 'é😀' },
] as const

const LINES = [
  'GET /cart took 812ms',
  'GET /cart took 812ms',
  'error: connection\nrefused',
  '',
  'true',
  'Ünïcode 😀 \u2028 "quoted" \\ back',
  '{"a":1,"b":"x y"}',
  'tab\tand \u0007 bell',
] as const

const FIELDS: LogRecord['fields'][] = [
  { status: 500, cached: false, agent: 'Curl/8', ratio: 0.5 },
  { status: 'n/a', cached: 'true', agent: '"quoted"' },
  {},
  { status: 200.5, Status: 'other case', _time: 'own', date: 'x', 'a.b c': 1e300 },
  { status: true, agent: '', n: 9007199254740991, tiny: 5e-324 },
]

/** Five rounds over the moments, so that each is shared by several records of different streams and kinds. */
export const CORPUS: readonly LogRecord[] = Array.from({ length: 5 * MOMENTS.length }, (_, i) => ({
  timestamp: MOMENTS[(i * 5) % MOMENTS.length] as Timestamp,
  tenant: ['none', 'shop', 'a|b'][i % 3] as string,
  labels: STREAMS[(i * 3) % STREAMS.length] as (typeof STREAMS)[number],
  level: LEVELS[i % LEVELS.length] as LogRecord['level'],
  line: LINES[i % LINES.length] as string,
  fields: FIELDS[Math.floor(i / 2) % FIELDS.length] as LogRecord['fields'],
}))

const LABEL_CONDITIONS = [
  label('app', '=', 'web'),
  label('app', '=', ''),
  label('app', '!=', 'web'),
  label('app', '=~', 'w.b|Web'),
  label('app', '!~', '(?i)web'),
  label('tenant', '=', 'shop'),
  label('tenant', '=~', 's.*'),
  label('level', '=', 'WARNING'),
  label('level', '=', 'info'),
  label('detected_level', '!=', 'info'),
  label('env', '=', 'a"b\\c'),
  label('constructor', '=', 'c'),
  label('constructor', '=', ''),
  label('service_name', '=~', 'é.+'),
]
const LINE_CONDITIONS = [
  line('|=', 'cart'),
  line('|=', 'took 812ms', 'refused'),
  line('|=', ''),
  line('|=', 'no such text'),
  line('!=', 'cart'),
  line('!=', 'cart', 'true'),
  line('!=', ''),
  line('|~', 'took \\d+ms$'),
  line('|~', 'connection.refused'),
  line('|~', 'connection\\nrefused', '^true$'),
  line('|~', '(?P<word>car)t'),
  line('|~', '(?<word>car)t'),
  line('|~', '\\p{Lu}n'),
  line('|~', '\\Q{"a"\\E'),
  line('!~', 'took \\d+ms$'),
  line('!~', 'connection.refused', '😀'),
]
const TEXT_CONDITIONS = [
  text('Curl/8', { literal: true }),
  text('curl', { literal: true, ignoreCase: true }),
  text('500', { literal: true }),
  text('^500$'),
  text('TRUE', { literal: true, ignoreCase: true }),
  text('^false$'),
  text('falſe', { ignoreCase: true, literal: true }),
  text('0.5', { literal: true }),
  text('1e+300', { literal: true }),
  text('E\\+300$', { ignoreCase: true }),
  text('5e-324', { literal: true }),
  text('9007199254740991', { literal: true }),
  text('"quoted"', { literal: true }),
  text('other case', { literal: true }),
  text('own|n/a'),
  text('', { literal: true }),
  text('a.b', {}),
  text('500', { invert: true, literal: true }),
  text('\\d', { invert: true }),
  text('a\0b', { literal: true, invert: true }),
]

/** Every kind of condition, and some together. */
export const CONDITIONS: readonly (readonly Condition[])[] = [
  ...[...LABEL_CONDITIONS, ...LINE_CONDITIONS, ...TEXT_CONDITIONS].map((one) => [one]),
  [{ kind: 'level', anyOf: ['error', 'fatal'] }],
  [{ kind: 'level', anyOf: [] }],
  [{ kind: 'level', anyOf: [...LEVELS] }],
  [label('app', '=', 'web'), line('|=', 'cart')],
  [label('app', '=~', '.+'), line('!=', 'cart'), text('500', { literal: true })],
  [label('tenant', '!=', 'shop'), { kind: 'level', anyOf: ['info', 'warn', 'unknown'] }, line('|~', 'o')],
  [line('|=', 'a\0b')],
  [line('!=', 'a\0b')],
  [line('!=', '\ud83d')],
]

/** So many records of the corpus, from its beginning again where it ends, with this change to each. */
export function records(count: number, change: Partial<LogRecord> = {}): LogRecord[] {
  return Array.from({ length: count }, (_, i) => ({ ...(CORPUS[i % CORPUS.length] as LogRecord), ...change }))
}
