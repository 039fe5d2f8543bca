// The JSON door's body as the scanner reads it: NDJSON line by line, and all that is anything else, or only unusual,
// by the JavaScript decoder, whose account of refusals and repairs is the request's.
import type { LogRecord } from '../../record/record.js'
import { type Account, closeAccount, openAccount } from '../account.js'
import type { DecodeContext, Decoded } from '../decoded.js'
import { type Request, decodeJsonEvents, opensLines, takeLine } from '../formats/json-events.js'
import { bodyText } from '../text.js'
import type { PrintTarget } from './print-target.js'
import { ScannedBatch, type ScannedPiece, type StreamDay, collectStreamDays } from './scanned-batch.js'
import { Scanner } from './scanner.js'

/** Loaded with the first request. */
let shared: Scanner | undefined

export function sharedScanner(): Scanner {
  return (shared ??= new Scanner())
}

/** Hands over what is known of a target for which no more is printed. */
export function leaveTarget(target: PrintTarget): void {
  shared?.leave(target)
}

/** What `decodeJsonEvents` gives, with the records as bytes where that can be had. */
export function scanJsonEvents(bytes: Buffer, context: DecodeContext): Decoded {
  const body = bodyText(bytes)
  const start = body.damaged || context.addLabels ? undefined : opensLines(body, context.limits.depth)
  if (start === undefined) return decodeJsonEvents(bytes, context)
  const account = openAccount(context)
  account.mayEscape = body.escapes
  const scanner = sharedScanner()
  const read = readPieces(scanner, { account, body }, start)
  if (read === undefined || tooManyDays(account, read.streamDays)) return decodeJsonEvents(bytes, context)
  const batch = new ScannedBatch(scanner, { body: bytes, context, ...read })
  const { rejected, rejections, repaired } = closeAccount(account)
  return {
    rejected,
    rejections,
    repaired,
    scanned: batch,
    get records() {
      return batch.records as LogRecord[]
    },
  }
}

interface Read {
  readonly pieces: readonly ScannedPiece[]
  readonly count: number
  readonly streamDays: readonly StreamDay[]
}

/** Undefined where a line is longer than what the scanner holds at a time. */
function readPieces(scanner: Scanner, request: Request, start: number): Read | undefined {
  const { account, body } = request
  const pieces: ScannedPiece[] = []
  const streams = new Map<number, StreamDay>()
  let taken = 0
  let lineNumber = 0
  for (let from = start; from < body.bytes.length;) {
    const to = scanner.scan(body.bytes, from, account.context)
    if (to === from) return undefined
    const others = new Map<number, readonly LogRecord[]>()
    const { lineCount, lineNumber: lines } = scanner.kernel.variables
    for (let line = 0; line < lineCount.value; line++) {
      if (scanner.isTaken(line)) {
        taken++
        continue
      }
      const { start: at, end, number } = scanner.boundsOf(line)
      const before = account.records.length
      takeLine(request, from + at, from + end, lineNumber + number)
      others.set(line, account.records.slice(before))
    }
    collectStreamDays(scanner, streams)
    pieces.push({ from, to, number: scanner.piece, others })
    lineNumber += lines.value
    from = to
  }
  const { records } = account
  const ofOthers = records.map(({ tenant, labels, timestamp }) => ({
    tenant,
    labels,
    day: timestamp.slice(0, 10),
  }))
  return {
    pieces,
    count: taken + records.length,
    streamDays: [...streams.values(), ...(ofOthers as StreamDay[])],
  }
}

/** Then the order of the lines decides which are refused, and JavaScript has to see them all. */
function tooManyDays(account: Account, streamDays: readonly StreamDay[]): boolean {
  if (account.rejected.too_many_days !== undefined) return true
  return new Set(streamDays.map(({ day }) => day)).size > account.context.limits.days
}
