// Functions on times. Layouts are Go's; the local zone is UTC.
import { nsOf } from '../../../record/time.js'
import { parseDurationSeconds } from '../../go/duration.js'
import { parseBytes } from '../../go/bytes.js'
import type { Unreadable } from '../../go/number.js'
import { quoted } from '../../go/number.js'
import {
  type GoTime,
  UTC,
  ZERO_TIME,
  formatTime,
  isTime,
  parseTime,
  wholeUnits,
  zoneOrUtc,
} from '../../go/time.js'
import { TemplateFailure, type Value } from '../value.js'
import { type Caller, type FunctionTable, type TemplateFunction, ofTexts } from './function.js'

const SECOND_NS = 1_000_000_000n
const MS_NS = 1_000_000n

export const DATE_FUNCTIONS: FunctionTable = {
  __timestamp__: {
    parameters: [],
    run: (_values, { world }) => ({ ns: nsOf(world.entry.timestamp), zone: UTC }),
  },
  now: { parameters: [], run: (_values, caller) => now(caller) },
  date: {
    parameters: ['string', 'any'],
    run: ([layout, value], caller) => formatTime(timeOf(value, caller), layout as string),
  },
  toDate: ofTexts(2, (layout = '', text = '') => parseTime(layout, text, UTC) ?? ZERO_TIME),
  toDateInZone: ofTexts(
    3,
    (layout = '', zone = '', text = '') => parseTime(layout, text, zoneOrUtc(zone)) ?? ZERO_TIME,
  ),
  unixEpoch: inUnits(SECOND_NS),
  unixEpochMillis: inUnits(MS_NS),
  unixEpochNanos: inUnits(1n),
  unixToTime: ofTexts(1, (text = '') => fromUnix(text)),
  duration: ofTexts(1, (text = '') => amount(parseDurationSeconds(text))),
  duration_seconds: ofTexts(1, (text = '') => amount(parseDurationSeconds(text))),
  bytes: ofTexts(1, (text = '') => amount(parseBytes(text))),
}

function now({ world }: Caller): GoTime {
  return { ns: BigInt(world.nowMs()) * MS_NS, zone: UTC }
}

/** A whole number is seconds since the epoch; what is no time at all is now. */
function timeOf(value: Value, caller: Caller): GoTime {
  if (isTime(value)) return value
  return typeof value === 'bigint' ? { ns: value * SECOND_NS, zone: UTC } : now(caller)
}

function inUnits(unitNs: bigint): TemplateFunction {
  return { parameters: ['time'], run: ([time]) => String(wholeUnits(time as GoTime, unitNs)) }
}

/** Days, seconds, milliseconds, microseconds or nanoseconds, told by the number of digits. */
const UNIX_UNITS: Readonly<Record<number, bigint>> = {
  5: 86_400n * SECOND_NS,
  10: SECOND_NS,
  13: MS_NS,
  16: 1000n,
  19: 1n,
}

function fromUnix(text: string): GoTime {
  const unit = UNIX_UNITS[text.length]
  if (unit === undefined || !/^[+-]?\d+$/.test(text))
    throw new TemplateFailure(`unable to parse time ${quoted(text)}`)
  return { ns: BigInt(text) * unit, zone: UTC }
}

function amount(value: number | Unreadable): number {
  if (typeof value === 'number') return value
  throw new TemplateFailure(value.reason)
}
