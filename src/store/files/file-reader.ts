// Reads the records of one file: lines to records by the JSON door's own rules, each line as if it were a request
// of its own, with the sequence of its place. A line without a time takes its day's first moment, since nobody knows
// when it arrived; the limits on time and days, which guard a store against senders, do not apply to what lies here.
import { type Account, openAccount } from '../../decode/account.js'
import type { DecodeLimits } from '../../decode/decoded.js'
import { PATCH_KEY, patchOf, patchedRecord } from '../../decode/flat-event.js'
import { takeEventLine } from '../../decode/formats/json-events.js'
import { type BodyText, bodyText } from '../../decode/text.js'
import type { LogRecord, StoredRecord } from '../../record/record.js'
import { msOf, startOfDay } from '../../record/time.js'
import { contentOf } from './content.js'
import { type CountedFile, MOST_LINES } from './day-files.js'
import { type LineBlock, countLines, lineBlocks } from './line-blocks.js'
import { HIDING } from './raw-needles.js'
import { type RawBounds, isOutside } from './raw-time.js'

export interface ReadingRules {
  /** Keys of a flat event that are labels; every other key is a field. */
  readonly labelKeys: ReadonlySet<string>
  readonly limits: DecodeLimits
  /** A longer line is left out, as a request with it would be refused. */
  readonly lineBytes: number
}

export interface ReadOptions {
  /** A text that every line of interest holds, unless an escape hides it. */
  readonly needle?: Buffer | undefined
  /** Lines that are surely outside are not wanted. */
  readonly bounds?: RawBounds | undefined
  readonly signal?: AbortSignal | undefined
  /** Told what is missing of the file, in words that name it. */
  readonly warn: (message: string) => void
  /** The file may be written to right now, so that a last line without end is half a line, not a broken one. */
  readonly growing?: boolean | undefined
}

const LF = 0x0a
const CR = 0x0d
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const PATCH_MARK = Buffer.from(`"${PATCH_KEY}":`)

/** Yields the records in the order of their lines. */
export async function* readRecords(
  file: CountedFile,
  rules: ReadingRules,
  { needle, bounds, signal, warn, growing = false }: ReadOptions,
): AsyncGenerator<readonly StoredRecord[]> {
  const decoder = lineDecoder(file, rules)
  const content = contentOf(file, (why) => warn(`${file.name} ${why}`))
  for await (const block of lineBlocks(content, rules.lineBytes, decoder.tooLong)) {
    signal?.throwIfAborted()
    if (block.firstLine + block.lines > MOST_LINES) {
      warn(`${file.name} has more than ${MOST_LINES} lines; the others are not read`)
      break
    }
    const records = decoder.decode(block, { needle, bounds, growing })
    if (records.length > 0) yield records
  }
  const refused = decoder.refused()
  if (refused !== undefined) warn(`${file.name}: ${refused}`)
}

export interface LineDecoder {
  /** The records of a block; a broken last line without end is none where the file may be growing. */
  decode(
    block: LineBlock,
    options?: Pick<ReadOptions, 'needle' | 'bounds' | 'growing'>,
  ): readonly StoredRecord[]
  tooLong(line: number): void
  /** What was refused so far, in words. */
  refused(): string | undefined
}

export function lineDecoder(
  { day, base }: Pick<CountedFile, 'day' | 'base'>,
  { labelKeys, limits, lineBytes }: ReadingRules,
): LineDecoder {
  const account = openAccount({
    nowMs: msOf(startOfDay(day)),
    labelKeys,
    limits: { ...limits, days: Infinity, aheadMs: Infinity, maxAgeMs: undefined },
  })
  let tooLong = 0
  let firstTooLong = 0
  return {
    decode(block, { needle, bounds, growing = false } = {}) {
      const found: StoredRecord[] = []
      const body = bodyText(block.bytes)
      account.mayEscape = body.escapes
      const patched = block.bytes.includes(PATCH_MARK)
      eachLine(block, needle, (from, to, line) => {
        if (bounds !== undefined && isOutside(block.bytes, from, to, bounds)) return
        const at = { from, to, line }
        for (const record of recordsOf(account, body, at, patched)) {
          const { timestamp, tenant, labels, level, line: text, fields } = record
          found.push({ timestamp, tenant, labels, level, line: text, fields, sequence: base + line })
        }
        account.records.length = 0
      })
      if (block.open && growing) forgetLast(account, block.firstLine)
      return found
    },
    tooLong(line) {
      tooLong++
      firstTooLong ||= line
    },
    refused() {
      const count = Object.values(account.rejected).reduce((sum, n) => sum + n, 0) + tooLong
      if (count === 0) return undefined
      const [first] = account.rejections
      const line = first?.line ?? firstTooLong
      const reason = first?.reason ?? `it is longer than ${lineBytes} bytes`
      return `${count} ${count === 1 ? 'line' : 'lines'} could not be read (line ${line}: ${reason})`
    },
  }
}

type Visit = (from: number, to: number, line: number) => void

/** Lines that are not empty, without their ends; with a needle only those that may hold it. */
function eachLine({ bytes, firstLine }: LineBlock, needle: Buffer | undefined, visit: Visit): void {
  const start = firstLine === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0
  if (needle !== undefined) return eachCandidate(bytes, firstLine, needle, visit)
  let line = firstLine
  for (let from = start; from < bytes.length; line++) from = visitLine(bytes, from, line, visit)
}

function eachCandidate(bytes: Buffer, firstLine: number, needle: Buffer, visit: Visit): void {
  const searched = [needle, ...HIDING].map((text) => ({ text, at: bytes.indexOf(text) }))
  let line = firstLine
  for (let counted = 0; ;) {
    const found = searched.filter(({ at }) => at !== -1).map(({ at }) => at)
    if (found.length === 0) return
    const from = bytes.lastIndexOf(LF, Math.min(...found)) + 1
    line += countLines(bytes, counted, from)
    counted = from
    const next = visitLine(bytes, from, line, visit)
    for (const search of searched)
      if (search.at !== -1 && search.at < next) search.at = bytes.indexOf(search.text, next)
  }
}

/** Returns where the next line begins. */
function visitLine(bytes: Buffer, from: number, line: number, visit: Visit): number {
  const lf = bytes.indexOf(LF, from)
  const stop = lf === -1 ? bytes.length : lf
  const to = stop > from && lf !== -1 && bytes[stop - 1] === CR ? stop - 1 : stop
  if (to > from) visit(from, to, line)
  return stop + 1
}

function recordsOf(
  account: Account,
  body: BodyText,
  at: { readonly from: number; readonly to: number; readonly line: number },
  patched: boolean,
): readonly LogRecord[] {
  if (!patched || !body.bytes.subarray(at.from, at.to).includes(PATCH_MARK)) {
    takeEventLine(account, body, at)
    return account.records
  }
  return patchedLine(account, body, at)
}

/** A line of our own mirror says more of its record than its flat keys do. */
function patchedLine(
  account: Account,
  body: BodyText,
  at: { readonly from: number; readonly to: number; readonly line: number },
): readonly LogRecord[] {
  let event: unknown
  try {
    event = JSON.parse(body.bytes.toString('utf8', at.from, at.to))
  } catch {
    event = undefined
  }
  const patch = patchOf(event)
  if (patch === undefined) {
    takeEventLine(account, body, at)
    return account.records
  }
  const { [PATCH_KEY]: _, ...flat } = event as Readonly<Record<string, unknown>>
  const bare = bodyText(Buffer.from(JSON.stringify(flat)))
  takeEventLine(account, bare, { from: 0, to: bare.bytes.length, line: at.line })
  return account.records.map((record) => patchedRecord(record, patch))
}

/** A half-written line is no event yet; whoever looks again sees it whole. */
function forgetLast(account: Account, line: number): void {
  const at = account.rejections.findIndex((rejection) => rejection.line === line)
  const [half] = at === -1 ? [] : account.rejections.splice(at, 1)
  if (half === undefined) return
  account.rejected[half.why] = (account.rejected[half.why] ?? 1) - 1
}
