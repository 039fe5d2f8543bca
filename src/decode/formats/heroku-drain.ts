// A Heroku log drain's body (`application/logplex-1`): syslog frames behind their length in bytes, as Logplex makes
// them. Counts that are wrong are put right by looking for the next frame, so that no message is lost.
import type { Labels } from '../../record/labels.js'
import { Dictionary } from '../../record/dictionary.js'
import { type Level, levelOfLine, levelOfSyslogSeverity, levelOfWord } from '../../record/level.js'
import type { Scalar } from '../../record/record.js'
import { type Account, accept, closeAccount, judgeTime, openAccount, reject } from '../account.js'
import type { DecodeContext, Decoded } from '../decoded.js'
import { readTime } from '../event-time.js'
import { forEachFrame, withoutLineEnd } from '../heroku-frames.js'
import { type HerokuMessage, herokuFields } from '../heroku-message.js'
import { keepLine } from '../normalise.js'
import { sharedLabels } from '../stream-labels.js'
import { type BodyText, bodyText, pieceOf } from '../text.js'

const SOURCE = 'heroku'
const NO_TENANT = 'none'
/**
 * `<40>1 2012-11-30T06:45:29+00:00 host app web.3 - ` and the message: RFC 5424 without structured data, so that
 * brackets behind the dash belong to the message.
 */
const HEADER = /^<(\d{1,3})>\d{1,2} (\S+) (\S+) (\S+) (\S+) (\S+)(?: |$)/
/** A header is shorter; names and ids in it have limits (RFC 5424 §6). UTF-16 units. */
const LONGEST_HEADER = 1024
/** Heroku's own errors: R14, L10 and their like, whose priority says nothing. */
const PLATFORM_ERROR = /^Error [A-Z]\d{1,3}\b/

/** Never throws: what is no frame is kept as a line of text. `context.addLabels` may name the app. */
export function decodeHerokuDrain(bytes: Buffer, context: DecodeContext): Decoded {
  const account = openAccount(context)
  const body = bodyText(bytes)
  let number = 0
  const recovered = forEachFrame(bytes, (start, end) =>
    takeFrame(account, body, { start, end, number: ++number }),
  )
  if (recovered > 0) account.repaired.frame_recovered = recovered
  return closeAccount(account)
}

interface Frame {
  readonly start: number
  readonly end: number
  /** Counts from 1. */
  readonly number: number
}

function takeFrame(account: Account, body: BodyText, { start, end, number }: Frame): void {
  const text = pieceOf(account, body, start, withoutLineEnd(body.bytes, start, end))
  if (text === '') return
  const message = messageOf(text)
  const timestamp = message.time === undefined ? undefined : readTime(message.time)
  account.timeMissing = message.time === undefined
  account.timeUnreadable = message.time !== undefined && timestamp === undefined
  keep(account, message, timestamp ?? account.arrival, number)
}

function messageOf(text: string): HerokuMessage {
  const match = HEADER.exec(text.slice(0, LONGEST_HEADER))
  const [header = '', priority, time, host, app, process, id] = match ?? []
  if (match === null) return { line: text }
  return { line: text.slice(header.length), priority: Number(priority), time, host, app, process, id }
}

function keep(
  account: Account,
  message: HerokuMessage,
  timestamp: typeof account.arrival,
  number: number,
): void {
  const late = judgeTime(account, timestamp)
  if (late !== undefined) return reject(account, number, late, lateReason(account, timestamp, late))
  const level = levelOf(message)
  const labels = labelsOf(account, message, level)
  const fields = new Dictionary<Scalar>()
  herokuFields(message, labels, fields, account.context.limits.fields)
  const line = keepLine(account, message.line, fields)
  const { tenant = NO_TENANT } = account.context
  accept(account, number, { timestamp, tenant, labels, level, line, fields }, sizeBound(message, labels))
}

/** Few values each: the number of a one-off dyno is in the fields only. */
function labelsOf(account: Account, { app, process }: HerokuMessage, level: Level): Labels {
  const dyno = process === undefined || process === '-' ? '' : process.replace(/^run\.\d+$/, 'run')
  return sharedLabels({
    source: SOURCE,
    app: app ?? '',
    ...account.added,
    dyno,
    level: level === 'unknown' ? '' : level,
  })
}

/** Words first: the priority of what an app prints is always the same. */
function levelOf(message: HerokuMessage): Level {
  return (
    ofRouter(message) ?? ofPlatform(message) ?? levelOfLine(message.line) ?? ofPriority(message) ?? 'unknown'
  )
}

/** `at=error code=H12 … path="/INFO"`: the path is the visitor's and says nothing. */
function ofRouter({ app, process, line }: HerokuMessage): Level | undefined {
  if (app !== SOURCE || process !== 'router') return undefined
  return levelOfWord(/^(?:.{0,200}? )?at=([a-z]{1,10})(?: |$)/.exec(line)?.[1] ?? 'info')
}

function ofPlatform({ app, line }: HerokuMessage): Level | undefined {
  return app === SOURCE && PLATFORM_ERROR.test(line) ? 'error' : undefined
}

/** Severity 0 is what Logplex writes where it has none (`<40>1 … State changed from starting to up`), no emergency. */
function ofPriority({ priority }: HerokuMessage): Level | undefined {
  if (priority === undefined || priority > 191) return undefined
  return (priority & 7) === 0 ? 'info' : levelOfSyslogSeverity(priority & 7)
}

function lateReason(
  { context: { limits } }: Account,
  timestamp: string,
  late: 'too_far_ahead' | 'too_old',
): string {
  return late === 'too_old'
    ? `its time ${timestamp} is older than ${(limits.maxAgeMs ?? 0) / 1000} seconds`
    : `its time ${timestamp} is more than ${limits.aheadMs / 1000} seconds ahead of the clock`
}

/** Bytes that the JSON form cannot pass: each unit of the message in the line and in a field, six bytes at worst. */
function sizeBound({ line, app = '', process = '' }: HerokuMessage, labels: Labels): number {
  let chars = 2 * line.length + 2 * (app.length + process.length) + 1024
  for (const name of Object.keys(labels)) chars += name.length + (labels[name] ?? '').length
  return chars * 6
}
