// The account of one request: records kept, refusals and repairs counted, and the limits that span its events
// (how far ahead, how old, how many days).
import type { LogRecord } from '../record/record.js'
import { recordToJson } from '../record/record.js'
import { type Timestamp, timestampOfMs } from '../record/time.js'
import type { Labels } from '../record/labels.js'
import { sharedLabels } from './stream-labels.js'
import { type DecodeContext, type Decoded, type Rejection, REJECTIONS_SHOWN } from './decoded.js'
import type { RejectReason, Repair } from './decoded.js'

export interface Account {
  readonly context: DecodeContext
  readonly records: LogRecord[]
  readonly rejected: Partial<Record<RejectReason, number>>
  readonly rejections: Rejection[]
  readonly repaired: Partial<Record<Repair, number>>
  /** Also where `rejections` has enough of them. */
  lastRejection: Rejection | undefined
  readonly arrival: Timestamp
  /** Later than this is too far ahead. */
  readonly latest: Timestamp
  /** Earlier than this is too old; undefined takes any. */
  readonly earliest: Timestamp | undefined
  /** Labels that the door adds to an event, where it has none of that name itself; see `addDoorLabels`. */
  added: Labels | undefined
  /** The same as the labels of an event that has none of its own. */
  doorLabels: Labels
  readonly days: Set<string>
  lastDay: string
  /** JSON of the body may spell NUL or lone surrogates by `\u`. */
  mayEscape: boolean
  /** Repairs of the event at hand; they count when it is kept. */
  textRepaired: boolean
  timeMissing: boolean
  timeUnreadable: boolean
  lineCut: boolean
}

/** The last moment that the year 2261 holds: clocks and limits beyond it mean no limit. */
const LAST_MS = Date.UTC(2262, 0, 1) - 1
const FIRST_MS = Date.UTC(1678, 0, 1)

export function openAccount(context: DecodeContext): Account {
  const { nowMs, limits } = context
  const oldestMs = limits.maxAgeMs === undefined ? undefined : Math.max(nowMs - limits.maxAgeMs, FIRST_MS)
  return {
    context,
    records: [],
    rejected: {},
    rejections: [],
    repaired: {},
    lastRejection: undefined,
    arrival: timestampOfMs(nowMs),
    latest: timestampOfMs(Math.min(nowMs + limits.aheadMs, LAST_MS)),
    earliest: oldestMs === undefined ? undefined : timestampOfMs(oldestMs),
    added: context.addLabels,
    doorLabels: sharedLabels(context.addLabels ?? {}),
    days: new Set(),
    lastDay: '',
    mayEscape: true,
    textRepaired: false,
    timeMissing: false,
    timeUnreadable: false,
    lineCut: false,
  }
}

export function closeAccount(account: Account): Decoded {
  const { records, rejected, rejections, repaired } = account
  return { records, rejected, rejections, repaired }
}

/** From here on the door adds these labels, and those that it adds to every event of the request. */
export function addDoorLabels(account: Account, labels: Labels): void {
  account.added = { ...account.context.addLabels, ...labels }
  account.doorLabels = sharedLabels(account.added)
}

export function reject(account: Account, line: number, why: RejectReason, reason: string): void {
  account.rejected[why] = (account.rejected[why] ?? 0) + 1
  account.lastRejection = { line, why, reason }
  if (account.rejections.length < REJECTIONS_SHOWN) account.rejections.push(account.lastRejection)
  forgetRepairs(account)
}

/** Refuses times outside the limits; words are the door's own. */
export function judgeTime(account: Account, timestamp: Timestamp): 'too_far_ahead' | 'too_old' | undefined {
  if (timestamp > account.latest) return 'too_far_ahead'
  return account.earliest !== undefined && timestamp < account.earliest ? 'too_old' : undefined
}

/**
 * Keeps a record, unless it opens one day too many or its JSON form is too long. `sizeBound` is a number of bytes
 * that its JSON form cannot pass; only where that is beyond the limit is it measured.
 */
export function accept(account: Account, line: number, record: LogRecord, sizeBound: number): boolean {
  const { limits } = account.context
  if (sizeBound > limits.recordBytes && Buffer.byteLength(recordToJson(record)) > limits.recordBytes) {
    reject(account, line, 'too_large', `the event is longer than ${limits.recordBytes} bytes`)
    return false
  }
  if (!record.timestamp.startsWith(account.lastDay) || account.lastDay === '') {
    const day = record.timestamp.slice(0, 10)
    if (account.days.size >= limits.days && !account.days.has(day)) {
      reject(account, line, 'too_many_days', `the request holds events of more than ${limits.days} days`)
      return false
    }
    account.days.add(day)
    account.lastDay = day
  }
  account.records.push(record)
  if (account.textRepaired || account.timeMissing || account.timeUnreadable || account.lineCut)
    countRepairs(account)
  return true
}

function countRepairs(account: Account): void {
  if (account.textRepaired) count(account.repaired, 'text_repaired')
  if (account.timeMissing) count(account.repaired, 'time_missing')
  if (account.timeUnreadable) count(account.repaired, 'time_unreadable')
  if (account.lineCut) count(account.repaired, 'line_cut')
  forgetRepairs(account)
}

function forgetRepairs(account: Account): void {
  account.textRepaired = false
  account.timeMissing = false
  account.timeUnreadable = false
  account.lineCut = false
}

function count(repaired: Partial<Record<Repair, number>>, repair: Repair): void {
  repaired[repair] = (repaired[repair] ?? 0) + 1
}
