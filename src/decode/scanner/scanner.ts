// The one scanner of the process: it holds a piece of a body at a time, and the keys and groups of lines that it has
// met. What it meets for the first time it asks here; the answers are those of the JavaScript decoder.
import type { Labels } from '../../record/labels.js'
import { LEVELS, levelOfLine } from '../../record/level.js'
import type { LogRecord } from '../../record/record.js'
import { type Day, dayOfNumber, nsOf } from '../../record/time.js'
import { openAccount } from '../account.js'
import type { DecodeContext } from '../decoded.js'
import { decodeJsonEvents } from '../formats/json-events.js'
import { type Kernel, loadKernel } from './kernel.js'
import { ROLE, levelOfEvent, meaningOf } from './key-meaning.js'
import type { PrintTarget } from './print-target.js'

// As in the files of the folder `kernel`.
const LINE_BYTES = 64
const TOKEN_BYTES = 16
const DAY_BYTES = 64
const NO_TOKEN = 0xffff
const TAKEN = 1
const NULL = 5
const ESCAPED_TEXT = 6
const LEVEL_IN_LINE = 7
const FOREIGN_GROUP = 1

/** A longer line is left to JavaScript. Bytes. */
const LONGEST_LINE = 65_536
/** What an event's JSON form can take beside 18 bytes for each of its own; see `normalise.ts`. */
const FORM_BYTES = 2048
const MOST_STREAMS = 1_000_000
const LONGEST_START_BYTES = 60_000
interface Group {
  readonly tenant: string
  readonly labels: Labels
}

/** Remembered tenants of senders; when there are more, everything is forgotten. */
const MOST_CONTEXTS = 1_000
/** Where tables are fuller than this between two segments, they are emptied. */
const FULL_SHARE = 0.5
const MOST_KEYS = 4_096
const MOST_GROUPS = 65_535

export class Scanner {
  readonly kernel: Kernel
  /** The piece that is scanned: whoever scans takes a new one. */
  #piece = 0
  #context: DecodeContext | undefined
  #labelKeys: ReadonlySet<string> | undefined
  readonly #tenants = new Map<string, number>()
  #keys: string[] = []
  #groups: (Group | undefined)[] = []
  #target: PrintTarget | undefined
  /** The day that was asked for last. */
  #day = { number: 0, name: dayOfNumber(0) }

  constructor() {
    this.kernel = loadKernel({
      meetKey: (at, length) => this.#meetKey(at, length),
      meetGroup: (line) => this.#meetGroup(line),
      openGroup: (group) => this.#openGroup(group),
      meetText: (column, at, length, escaped) =>
        this.#meetText(column, this.#text(at, length, escaped !== 0)),
      levelOf: (at, length, escaped) => this.#levelOf(this.#text(at, length, escaped !== 0)),
      meetShape: (line) => this.target.shapeNumber(this.recordAt(line)) ?? -1,
      takeWords: (day) => this.#takeWords(day),
    })
  }

  /** Who scanned last; a piece whose number this is can be printed. */
  get piece(): number {
    return this.#piece
  }

  get target(): PrintTarget {
    if (!this.#target) throw new Error('lines are printed for no target')
    return this.#target
  }

  /** Reads lines from `from` on, at most as many as fit; gives where it stopped. */
  scan(body: Buffer, from: number, context: DecodeContext): number {
    const { kernel } = this
    const { places, variables } = kernel
    this.#use(context)
    const length = wholeLines(body, from, places.INPUT_BYTES)
    body.copy(kernel.bytes, places.INPUT, from, from + length)
    // What stands behind ends every text and number.
    kernel.bytes.fill(0x0a, places.INPUT + length, places.INPUT + length + 64)
    this.#piece++
    kernel.scan(length)
    return from + variables.consumed.value
  }

  /** The lines that are printed next are this target's; gives up the one before. */
  printFor(target: PrintTarget): void {
    if (this.#target === target) return
    this.leave(this.#target)
    this.#target = target
  }

  /** Hands over what is known of a target whose last line is printed. */
  leave(target: PrintTarget | undefined): void {
    if (target === undefined || this.#target !== target) return
    const { kernel } = this
    for (let day = 0; day < kernel.variables.dayCount.value; day++) this.#takeWords(day)
    this.#target = undefined
    const { keyCount, groupCount } = kernel.variables
    const full = keyCount.value > MOST_KEYS * FULL_SHARE || groupCount.value > MOST_GROUPS * FULL_SHARE
    if (full) this.#reset()
    else kernel.openSegment()
  }

  /** The record of a scanned line, as JavaScript decodes it. */
  recordAt(line: number): LogRecord {
    const [record] = this.recordsAt(line)
    if (!record) throw new Error('a scanned line has no record')
    return record
  }

  recordsAt(line: number): readonly LogRecord[] {
    return decodeJsonEvents(this.#lineBytes(line), this.#context as DecodeContext).records
  }

  /** The place of a line in the table of lines. */
  lineAt(line: number): number {
    return this.kernel.places.LINES + line * LINE_BYTES
  }

  isTaken(line: number): boolean {
    return this.kernel.bytes[this.lineAt(line) + 14] === TAKEN
  }

  leaveToJavaScript(line: number): void {
    this.kernel.bytes[this.lineAt(line) + 14] = 0
  }

  /** Start and end of a line in the piece, and its number there, empty lines counted. */
  boundsOf(line: number): { readonly start: number; readonly end: number; readonly number: number } {
    const at = this.lineAt(line) / 4
    const { words32, places } = this.kernel
    return {
      start: (words32[at] as number) - places.INPUT,
      end: (words32[at + 1] as number) - places.INPUT,
      number: words32[at + 10] as number,
    }
  }

  group(number: number): Group {
    return this.#groups[number] as Group
  }

  keyName(number: number): string {
    return this.#keys[number] as string
  }

  #use(context: DecodeContext): void {
    const tenant = context.tenant ?? ''
    if (context.labelKeys !== this.#labelKeys || this.#tenants.size > MOST_CONTEXTS) {
      this.#reset()
      this.#labelKeys = context.labelKeys
    }
    let number = this.#tenants.get(tenant)
    if (number === undefined) this.#tenants.set(tenant, (number = this.#tenants.size + 1))
    this.#context = context
    const { latest, earliest } = openAccount(context)
    const { fields, lineBytes, recordBytes } = context.limits
    const longest = Math.min(LONGEST_LINE, lineBytes, Math.floor((recordBytes - FORM_BYTES) / 18))
    this.kernel.limit(
      BigInt(number),
      nsOf(latest),
      earliest === undefined ? -(2n ** 63n) : nsOf(earliest),
      fields,
      longest,
    )
  }

  /** Also takes words and texts from the target that is open: its values count as not met. */
  #reset(): void {
    if (this.#target) {
      for (let day = 0; day < this.kernel.variables.dayCount.value; day++) this.#takeWords(day)
      this.#target = undefined
    }
    this.#piece++
    this.#keys = []
    this.#groups = []
    this.#tenants.clear()
    this.kernel.reset()
  }

  #meetKey(at: number, length: number): number {
    const name = this.#text(at + 1, length - 2, false)
    const number = this.#keys.push(name) - 1
    if (number !== this.kernel.variables.keyCount.value - 1) throw new Error('keys are out of step')
    return meaningOf(name, this.#labelKeys as ReadonlySet<string>)
  }

  /** Flags, and from bit 8 on the level, or that each line says its own. */
  #meetGroup(line: number): number {
    const records = this.recordsAt(line)
    const [record] = records
    if (records.length !== 1 || !record || !this.#isAsScanned(line, record)) {
      this.#groups.push(undefined)
      return FOREIGN_GROUP
    }
    this.#groups.push({ tenant: record.tenant, labels: record.labels })
    const level = levelOfEvent(JSON.parse(this.#lineBytes(line).toString()) as object)
    if (level !== undefined && level !== record.level) throw new Error('a level is not what it should be')
    return (level === undefined ? LEVEL_IN_LINE : LEVELS.indexOf(level)) << 8
  }

  /** Whether the scanner's idea of a line is JavaScript's: which keys are fields, and which text is the line. */
  #isAsScanned(line: number, record: LogRecord): boolean {
    const { bytes, words32, places } = this.kernel
    const at = this.lineAt(line)
    const first = words32[at / 4 + 2] as number
    const count = bytes.readUInt16LE(at + 12)
    const lineToken = bytes.readUInt16LE(at + 30)
    const names: string[] = []
    let text = this.#lineBytes(line).toString()
    for (let i = 0; i < count; i++) {
      const token = places.TOKENS + (first + i) * TOKEN_BYTES
      const kind = bytes[token + 14]
      if (bytes[token + 15] === ROLE.field && kind !== NULL)
        names.push(this.keyName(bytes.readUInt16LE(token + 12)))
      if (i === lineToken && lineToken !== NO_TOKEN)
        text = this.#text(
          words32[token / 4] as number,
          words32[token / 4 + 1] as number,
          kind === ESCAPED_TEXT,
        )
    }
    const fields = Object.keys(record.fields)
    return (
      record.line === text && fields.length === names.length && names.every((name, i) => fields[i] === name)
    )
  }

  #openGroup(number: number): number {
    const { tenant, labels } = this.group(number)
    const stream = this.target.streamNumber(tenant, labels)
    const start = Buffer.from(this.target.lineStart(stream))
    if (stream >= MOST_STREAMS || start.length > LONGEST_START_BYTES) return -1
    this.kernel.bytes.set(start, this.kernel.variables.textEnd.value)
    this.kernel.keepStart(number, start.length)
    return stream
  }

  #meetText(column: number, text: string): number {
    const { MAX_KEYS } = this.kernel.places
    const day = this.dayName(Math.floor(column / MAX_KEYS))
    return this.target.meetText(day, this.keyName(column % MAX_KEYS), text) ? 0 : 1
  }

  #levelOf(text: string): number {
    return LEVELS.indexOf(levelOfLine(text) ?? 'unknown')
  }

  #takeWords(day: number): void {
    const { kernel } = this
    const count = kernel.wordCount(day)
    const found = new Uint32Array(count + kernel.holdsZero(day))
    const from = kernel.setPlace(day) / 4
    let filled = 0
    for (let i = from; filled < count; i++) {
      const hash = kernel.words32[i] as number
      if (hash !== 0) found[filled++] = hash
    }
    if (found.length > 0) this.target.takeWords(this.dayName(day), found)
  }

  /** The day at a place in the scanner's table of days. */
  dayName(place: number): Day {
    const { bytes, places } = this.kernel
    const number = bytes.readInt32LE(places.DAYS + place * DAY_BYTES)
    if (number !== this.#day.number) this.#day = { number, name: dayOfNumber(number) }
    return this.#day.name
  }

  #lineBytes(line: number): Buffer {
    const { start, end } = this.boundsOf(line)
    const { INPUT } = this.kernel.places
    return Buffer.from(this.kernel.bytes.subarray(INPUT + start, INPUT + end))
  }

  #text(at: number, length: number, escaped: boolean): string {
    const text = this.kernel.bytes.toString('utf8', at, at + length)
    return escaped ? (JSON.parse(`"${text}"`) as string) : text
  }
}

/** How many bytes from `from` on are whole lines and fit; none where the first line does not. */
function wholeLines(body: Buffer, from: number, most: number): number {
  if (body.length - from <= most) return body.length - from
  return Math.max(0, body.lastIndexOf(0x0a, from + most - 1) + 1 - from)
}
