// A record as people read it: `2025-01-11 09:30:00.123Z  error  acme  web  message  key=value`. Further lines
// of a message are indented, so that a line that starts with a digit starts a record.
import type { Level } from '../record/level.js'
import { fieldText, type LogRecord, type Scalar } from '../record/record.js'
import { UNKNOWN_SERVICE } from '../record/labels.js'
import type { Paint, Style } from './paint.js'
import { printable } from './printable.js'

export interface RecordTextOptions {
  readonly paint: Paint
  /** True where the text goes to a terminal: then control characters are written out. */
  readonly terminal: boolean
}

const LEVEL_STYLES: Readonly<Record<Level, Style>> = {
  trace: 'dim',
  debug: 'dim',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: 'magenta',
  unknown: 'dim',
}

/** As wide as the longest of the usual levels; `unknown` is shown as a dash. */
const LEVEL_WIDTH = 5

/** What a parser of LogQL adds to a name that the sender has used. */
const EXTRACTED = '_extracted'

/** Without a newline at the end. */
export function recordText(record: LogRecord, { paint, terminal }: RecordTextOptions): string {
  const shown = terminal ? printable : (text: string) => text
  const level = (record.level === 'unknown' ? '-' : record.level).padEnd(LEVEL_WIDTH)
  const [first = '', ...further] = record.line.replace(/\r?\n$/, '').split(/\r?\n/)
  const head = [
    paint('dim', timeText(record.timestamp)),
    paint(LEVEL_STYLES[record.level], level),
    paint('cyan', shown(record.tenant)),
    shown(speakerOf(record)),
    shown(first),
  ]
  const fields = shownFields(record).map(([name, value]) => shown(`${name}=${valueText(value)}`))
  if (fields.length > 0 && further.length === 0) head.push(paint('dim', fields.join(' ')))
  const lines = further.map((line) => `    ${shown(line)}`)
  if (fields.length > 0 && further.length > 0) lines.push(`    ${paint('dim', fields.join(' '))}`)
  return [head.join('  '), ...lines].join('\n')
}

/** `2025-01-11 09:30:00.123Z`; finer digits only where there are any. */
function timeText(timestamp: string): string {
  const fraction = timestamp.slice(20, 29).replace(/0{3}(?:0{3})?$/, '')
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 19)}.${fraction || '000'}Z`
}

function speakerOf({ labels }: LogRecord): string {
  const { source, service_name: service } = labels
  return source || (service && service !== UNKNOWN_SERVICE ? service : '-')
}

/**
 * What stands there already is not shown twice: an event without a message is its own JSON text, and a parser of a
 * query finds again what the sender gave.
 */
function shownFields({ line, labels, fields }: LogRecord): [string, Scalar][] {
  const entries = Object.entries(fields).filter(([name, value]) => {
    const sent = name.endsWith(EXTRACTED) ? name.slice(0, -EXTRACTED.length) : undefined
    return sent === undefined || fieldText(fields[sent] ?? labels[sent] ?? '') !== fieldText(value)
  })
  const event = entries.length > 0 ? objectOf(line) : undefined
  if (!event) return entries
  const keys = Object.keys(event)
  return entries.filter(([name]) => !keys.some((key) => name === key || name.startsWith(`${key}_`)))
}

function objectOf(line: string): object | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** As logfmt writes it: in quotes where it would not end at the next space. */
function valueText(value: Scalar): string {
  const text = fieldText(value)
  return text === '' || /[\s"=]/.test(text) ? JSON.stringify(text) : text
}
