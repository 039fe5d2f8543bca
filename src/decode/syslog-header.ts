// What stands before the text of a syslog message: RFC 5424's header with structured data, and the many forms that
// go by the name of RFC 3164, read as far as they can be: without host, without tag, without time.
import { type Timestamp, timestampOfMs, timestampOfRfc3339 } from '../record/time.js'

export interface SyslogHeader {
  readonly timestamp: Timestamp | undefined
  /** How the time is written, where it names no zone. */
  readonly zoneless: string | undefined
  readonly host: string
  readonly app: string
  readonly procid: string
  readonly msgid: string
  /** `[id name="value"…]…` as sent; empty where there is none. */
  readonly structuredData: string
  /** Where the text of the message starts. */
  readonly next: number
}

/** RFC 5424 §6: `1 TIME HOST APP PROCID MSGID `, each of them `-` where it is not known. */
const MODERN = /^[1-9]\d{0,2} (\S{1,64}) (\S{1,255}) (\S{1,255}) (\S{1,255}) (\S{1,255})(?: |$)/

/** Undefined when the text, behind its priority, is no RFC 5424. */
export function modernHeader(text: string): SyslogHeader | undefined {
  const match = MODERN.exec(text)
  if (!match) return undefined
  const [whole, time = '', host = '', app = '', procid = '', msgid = ''] = match
  const timestamp = time === '-' ? undefined : timestampOfRfc3339(time)
  if (time !== '-' && timestamp === undefined) return undefined
  const end = text[whole.length] === '-' ? whole.length + 1 : structuredEnd(text, whole.length)
  return {
    timestamp,
    zoneless: undefined,
    host: known(host),
    app: known(app),
    procid: known(procid),
    msgid: known(msgid),
    structuredData: end === whole.length + 1 ? '' : text.slice(whole.length, end),
    next: text[end] === ' ' ? end + 1 : end,
  }
}

function known(value: string): string {
  return value === '-' ? '' : value
}

/** Structured data is no longer than this; longer it is text. UTF-16 units. */
const LONGEST_DATA = 64 * 1024
const DATA = /^(?:\[[^\s=\]"]{1,256}(?: +[^\s=\]"]{1,256}="(?:[^"\\]|\\[\s\S])*")+ *\])+/

/** Behind the elements. What is broken, or holds no value, is text: nothing of it is lost then. */
function structuredEnd(text: string, from: number): number {
  if (text[from] !== '[') return from
  const end = from + (DATA.exec(text.slice(from, from + LONGEST_DATA))?.[0].length ?? 0)
  return end === text.length || text[end] === ' ' ? end : from
}

const ELEMENT = /\[([^\s=\]"]{1,256})((?: +[^\s=\]"]{1,256}="(?:[^"\\]|\\[\s\S])*")+) *\]/g
const PARAMETER = /([^\s=\]"]+)="((?:[^"\\]|\\[\s\S])*)"/g

/** The parameters in order, named ID and NAME with `_` between; other than letters and digits become `_` too. */
export function* structuredParameters(text: string): Generator<readonly [name: string, value: string]> {
  for (const [, id = '', parameters = ''] of text.matchAll(ELEMENT))
    for (const [, name = '', value = ''] of parameters.matchAll(PARAMETER))
      yield [`${id}_${name}`.replace(/[^A-Za-z0-9_]/g, '_'), value.replace(/\\(["\\\]])/g, '$1')]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** `Jan  1 12:00:00`, as Cisco also writes it: a mark for an unset clock, a year, a fraction, a colon behind. */
const OLD_TIME =
  /^[*.]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: (?:utc|gmt))?:?(?: |$)/i
const NEW_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20}?):?(?: |$)/
const WITH_ZONE = /(?:[Zz]|[+-]\d\d:?\d\d)$/
/** A counter that some devices put first. */
const COUNTER = /^\d{1,10}: /
/** `tag:` or `tag[pid]:`, and what some senders write between: `tag[pid]` alone. */
const TAG = /^([^\s:[\]]{1,128})(?:\[([^\]\s]{1,128})\](?::|(?= )|$)|:(?=\s|$))/
const HOST = /^([A-Za-z0-9][A-Za-z0-9._:%-]{0,254}|\[[0-9a-f:.]{2,64}\]) /i

/** What can be found of a header in the form of RFC 3164, behind the priority; the rest is the message's text. */
export function oldHeader(text: string, nowMs: number): SyslogHeader {
  const counter = COUNTER.exec(text)?.[0].length ?? 0
  const time = timeAt(text.slice(counter), nowMs)
  const afterTime = time === undefined ? 0 : counter + time.length
  // Without a time nothing says that the first word is a host.
  const host = time === undefined ? '' : hostAt(text, afterTime)
  const afterHost = host === '' ? afterTime : afterTime + host.length + 1
  const tag = TAG.exec(text.slice(afterHost, afterHost + 300))
  const afterTag = afterHost + (tag?.[0].length ?? 0)
  return {
    timestamp: time?.timestamp,
    zoneless: time?.zoneless,
    host,
    app: tag?.[1] ?? '',
    procid: tag?.[2] ?? '',
    msgid: '',
    structuredData: '',
    next: tag && text[afterTag] === ' ' ? afterTag + 1 : afterTag,
  }
}

/** The word behind the time, where it is no tag already. */
function hostAt(text: string, from: number): string {
  const front = text.slice(from, from + 300)
  return TAG.test(front) ? '' : (HOST.exec(front)?.[1] ?? '')
}

interface OldTime {
  readonly timestamp: Timestamp | undefined
  readonly zoneless: string | undefined
  readonly length: number
}

function timeAt(text: string, nowMs: number): OldTime | undefined {
  const newer = NEW_TIME.exec(text)
  if (newer) {
    const [{ length }, written = ''] = newer
    const timestamp = timestampOfRfc3339(written)
    if (timestamp !== undefined)
      return { timestamp, zoneless: WITH_ZONE.test(written) ? undefined : written, length }
  }
  const match = OLD_TIME.exec(text)
  if (!match) return undefined
  const [whole, month = '', day, year, ...clock] = match
  const monthDay = [MONTHS.indexOf(month.toLowerCase()), Number(day)] as const
  const timestamp = nearestYear(monthDay, year, clock, nowMs)
  return { timestamp, zoneless: whole.trim(), length: whole.length }
}

/** Further ahead of now than any zone can bring it, a time without a year is one of another year. Milliseconds. */
const ANY_ZONE_MS = 24 * 3_600_000

/** Of the years in which there is such a day, the last one in which it is not to come yet. Times are taken as UTC. */
function nearestYear(
  [month, day]: readonly [number, number],
  year: string | undefined,
  [hour, minute, second, fraction = '']: readonly (string | undefined)[],
  nowMs: number,
): Timestamp | undefined {
  const thisYear = new Date(nowMs).getUTCFullYear()
  // Leap days are eight years apart at most.
  const years =
    year === undefined ? [1, 0, -1, -2, -3, -4, -5, -6, -7, -8].map((by) => thisYear + by) : [Number(year)]
  const best = years
    .filter(() => Number(hour) < 24 && Number(minute) < 60)
    .map((each) => Date.UTC(each, month, day, Number(hour), Number(minute), Math.min(59, Number(second))))
    .filter((ms) => new Date(ms).getUTCMonth() === month)
    .find((ms) => year !== undefined || ms <= nowMs + ANY_ZONE_MS)
  if (best === undefined || best < Date.UTC(1678) || best >= Date.UTC(2262)) return undefined
  const digits = fraction.padEnd(9, '0')
  return timestampOfMs(best + Number(digits.slice(0, 3)), Number(digits.slice(3)))
}
