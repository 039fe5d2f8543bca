// Syslog messages (RFC 5424, and what goes by RFC 3164) to records: who speaks becomes labels, the rest of the header
// and structured data become fields, the severity is the level. A message that is neither is kept as a line.
import { Dictionary } from '../../record/dictionary.js'
import type { Labels } from '../../record/labels.js'
import { type Level, levelOfLine, levelOfSyslogSeverity } from '../../record/level.js'
import type { Scalar } from '../../record/record.js'
import type { Timestamp } from '../../record/time.js'
import { type Account, accept, closeAccount, judgeTime, openAccount, reject } from '../account.js'
import type { DecodeContext, Decoded, RejectReason } from '../decoded.js'
import { CUT_FIELD, keepLine } from '../normalise.js'
import { sharedLabels } from '../stream-labels.js'
import { type SyslogFrame, syslogFrames } from '../syslog-framing.js'
import { modernHeader, oldHeader, structuredParameters, type SyslogHeader } from '../syslog-header.js'
import { bodyText, pieceOf } from '../text.js'

/** What a header may take of a message beside its line. Bytes. */
const HEADER_BYTES = 64 * 1024

const FACILITIES =
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
    ' ',
  )
const SEVERITIES = 'emerg alert crit err warning notice info debug'.split(' ')
const LARGEST_PRIORITY = 191
/** daemon.info and daemon.err: what Docker's driver and systemd give whatever a program writes to its two streams. */
const SAYS_NOTHING: ReadonlySet<number> = new Set([30, 27])

/** The most of a message that a framer keeps, in bytes, so that its line can have all of its own limit. */
export function syslogMessageBytes({ limits }: Pick<DecodeContext, 'limits'>): number {
  return limits.lineBytes + HEADER_BYTES
}

/** A stream of messages in either framing of RFC 6587. */
export function decodeSyslog(body: Buffer, context: DecodeContext): Decoded {
  return decodeSyslogFrames(syslogFrames(body, syslogMessageBytes(context)), context)
}

export function decodeSyslogFrames(frames: readonly SyslogFrame[], context: DecodeContext): Decoded {
  const account = openAccount(context)
  for (const [index, frame] of frames.entries()) addMessage(account, frame, index + 1)
  return closeAccount(account)
}

const PRIORITY = /^<(\d{1,3})>/
const MARK = '\ufeff'

function addMessage(account: Account, { bytes, length }: SyslogFrame, number: number): void {
  const body = bodyText(withoutEnds(bytes))
  const text = pieceOf(account, body, 0, body.bytes.length)
  const priority = priorityOf(text)
  const rest = priority === undefined ? text : text.slice(text.indexOf('>') + 1)
  const modern = priority === undefined ? undefined : modernHeader(rest)
  const header = modern ?? oldHeader(rest, account.context.nowMs)
  const fields = fieldsOf(header, priority)
  const timestamp = takeTime(account, header, fields)
  const refusal = refusalOf(account, timestamp, fields)
  if (refusal !== undefined) return reject(account, number, ...refusal)
  const said = withoutMark(rest.slice(header.next))
  const line = keepLine(account, said, fields)
  if (length > bytes.length) {
    account.lineCut = true
    fields[CUT_FIELD] = Buffer.byteLength(said) + length - bytes.length
  }
  const { tenant = 'none' } = account.context
  const level = levelOf(priority, line)
  accept(account, number, { timestamp, tenant, labels: labelsOf(header), level, line, fields }, bound(text))
}

function withoutEnds(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d || bytes[end - 1] === 0)) end--
  return bytes.subarray(0, end)
}

function priorityOf(text: string): number | undefined {
  const digits = PRIORITY.exec(text)?.[1]
  return digits === undefined || Number(digits) > LARGEST_PRIORITY ? undefined : Number(digits)
}

/** rsyslog leaves the space in that stood behind the tag of the message it passes on; deeper indents are the line's own. */
function withoutMark(text: string): string {
  const said = text.startsWith(MARK) ? text.slice(1) : text
  return said.startsWith(' ') && said[1] !== ' ' ? said.slice(1) : said
}

function fieldsOf(header: SyslogHeader, priority: number | undefined): Record<string, Scalar> {
  const fields = new Dictionary<Scalar>()
  if (priority !== undefined) {
    fields['facility'] = FACILITIES[priority >> 3] as string
    fields['severity'] = SEVERITIES[priority & 7] as string
  }
  if (header.procid !== '') fields['procid'] = header.procid
  if (header.msgid !== '') fields['msgid'] = header.msgid
  // Of a name that comes twice the first counts.
  for (const [name, value] of structuredParameters(header.structuredData)) fields[name] ??= value
  return fields
}

/**
 * A time without a zone is taken as UTC. Where that makes it lie ahead of the clock it is another zone's time: when
 * the message came in is nearer then, and what was written is kept as a field.
 */
function takeTime(account: Account, header: SyslogHeader, fields: Record<string, Scalar>): Timestamp {
  const { timestamp, zoneless } = header
  const isAhead = timestamp !== undefined && zoneless !== undefined && timestamp > account.latest
  account.timeMissing = timestamp === undefined && zoneless === undefined
  account.timeUnreadable = isAhead || (timestamp === undefined && zoneless !== undefined)
  if (account.timeUnreadable && zoneless !== undefined) fields['timestamp'] ??= zoneless
  return timestamp === undefined || isAhead ? account.arrival : timestamp
}

function refusalOf(
  account: Account,
  timestamp: Timestamp,
  fields: Readonly<Record<string, Scalar>>,
): readonly [why: RejectReason, reason: string] | undefined {
  const { limits } = account.context
  if (Object.keys(fields).length > limits.fields)
    return ['too_many_fields', `the message has more than ${limits.fields} fields`]
  const late = judgeTime(account, timestamp)
  return late && [late, `its time ${timestamp} is ${late === 'too_old' ? 'too old' : 'ahead of the clock'}`]
}

function labelsOf({ host, app }: SyslogHeader): Labels {
  return sharedLabels({ source: 'syslog', ...(host !== '' && { host }), ...(app !== '' && { app }) })
}

/** What a program says of its line comes before a priority that is the same for all of its lines. */
function levelOf(priority: number | undefined, line: string): Level {
  if (priority === undefined) return levelOfLine(line) ?? 'unknown'
  const sent = levelOfSyslogSeverity(priority & 7) ?? 'unknown'
  return SAYS_NOTHING.has(priority) ? (levelOfLine(line) ?? sent) : sent
}

/** Bytes that the record's JSON form cannot pass: each unit stands in it once, and twice over in the names of fields. */
function bound(text: string): number {
  return text.length * 18 + 2048
}
