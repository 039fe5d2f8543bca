// Where one syslog message ends and the next begins on a stream (RFC 6587): messages behind their count of bytes, or
// messages up to a line end or NUL, mixed on one connection as they come. Memory is bounded by the limit of a line.

const LF = 0x0a
const CR = 0x0d
const NUL = 0

/**
 * A count and the priority that every message begins with; a line that only begins with a number is none. Eight
 * digits are more than any line of log needs.
 */
const COUNTED = /^([1-9]\d{0,7}) <\d{1,3}>/
/** What may still become one. */
const PERHAPS_COUNTED = /^[1-9]\d{0,7}(?: (?:<\d{0,3})?)?$/
const LONGEST_START = 14

export interface SyslogFrame {
  /** Without what ends it; cut at the limit. */
  readonly bytes: Buffer
  /** Bytes that the message has, or should have had. */
  readonly length: number
}

export interface SyslogFramer {
  /** The messages that these bytes end. */
  push(chunk: Buffer): SyslogFrame[]
  /** What was begun, when nothing more comes. */
  end(): SyslogFrame[]
  /** Bytes in memory of a message that is not whole yet. */
  readonly held: number
}

/** A message longer than the limit, in bytes, is cut there: the rest is passed over, whatever its size. */
export function syslogFramer(limitBytes: number): SyslogFramer {
  /** The start of a message, too short to tell how it ends. */
  let start: Buffer | undefined
  let message: Message | undefined

  /** Takes what belongs to the message at hand; gives where the next one starts, or the end of the bytes. */
  const goOn = (current: Message, bytes: Buffer, from: number, frames: SyslogFrame[]): number => {
    const end = endOf(current, bytes, from)
    const isLast = current.counted === undefined ? end < bytes.length : end - from === left(current)
    if (!isLast) {
      keep(current, bytes.subarray(from, end), limitBytes)
      message = current
      return bytes.length
    }
    frames.push(finished(current, bytes.subarray(from, end), limitBytes))
    message = undefined
    return current.counted === undefined ? end + 1 : end
  }

  return {
    get held() {
      return (message?.held ?? 0) + (start?.length ?? 0)
    },
    push(chunk) {
      const bytes = start === undefined ? chunk : Buffer.concat([start, chunk])
      start = undefined
      const frames: SyslogFrame[] = []
      let at = message === undefined ? 0 : goOn(message, bytes, 0, frames)
      for (at = skipEnds(bytes, at); at < bytes.length; at = skipEnds(bytes, at)) {
        const front = bytes.toString('latin1', at, at + LONGEST_START)
        const digits = COUNTED.exec(front)?.[1]
        if (digits === undefined && PERHAPS_COUNTED.test(front)) {
          start = Buffer.from(bytes.subarray(at))
          return frames
        }
        const counted = digits === undefined ? undefined : Number(digits)
        at = goOn(newMessage(counted), bytes, digits === undefined ? at : at + digits.length + 1, frames)
      }
      return frames
    },
    end() {
      const last = message ?? (start && newMessage(undefined))
      const rest = finishedAt(last, start, limitBytes)
      start = undefined
      message = undefined
      return rest
    },
  }
}

/** Every message of a text that is there as a whole. */
export function syslogFrames(bytes: Buffer, limitBytes: number): SyslogFrame[] {
  const framer = syslogFramer(limitBytes)
  return [...framer.push(bytes), ...framer.end()]
}

/** A message that came in part. */
interface Message {
  /** Bytes that it has by its own count; undefined where a line end ends it. */
  readonly counted: number | undefined
  /** What is kept of it so far, at the front; grows twofold, so that a slow sender costs no more than a fast one. */
  memory: Buffer
  held: number
  /** All of its bytes that came. */
  length: number
}

const NO_BYTES = Buffer.alloc(0)

function newMessage(counted: number | undefined): Message {
  return { counted, memory: NO_BYTES, held: 0, length: 0 }
}

function left({ counted = 0, length }: Message): number {
  return counted - length
}

function endOf(message: Message, bytes: Buffer, from: number): number {
  return message.counted === undefined ? lineEnd(bytes, from) : Math.min(bytes.length, from + left(message))
}

function keep(message: Message, bytes: Buffer, limitBytes: number): void {
  const held = Math.min(limitBytes, message.held + bytes.length)
  if (held > message.memory.length) {
    const grown = Buffer.allocUnsafeSlow(Math.min(limitBytes, Math.max(held, 2 * message.memory.length)))
    message.memory.copy(grown, 0, 0, message.held)
    message.memory = grown
  }
  bytes.copy(message.memory, message.held, 0, held - message.held)
  message.held = held
  message.length += bytes.length
}

function finished(message: Message, last: Buffer, limitBytes: number): SyslogFrame {
  const length = Math.max(message.length + last.length, message.counted ?? 0)
  if (message.length === 0) return { bytes: last.subarray(0, limitBytes), length }
  keep(message, last, limitBytes)
  return { bytes: message.memory.subarray(0, message.held), length }
}

function finishedAt(
  message: Message | undefined,
  start: Buffer | undefined,
  limitBytes: number,
): SyslogFrame[] {
  const frame = message && finished(message, start ?? NO_BYTES, limitBytes)
  return frame === undefined || frame.bytes.length === 0 ? [] : [frame]
}

/** Senders end a message in more than one way, also behind its count; an empty line is no message. */
function skipEnds(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && (bytes[at] === LF || bytes[at] === CR || bytes[at] === NUL)) at++
  return at
}

function lineEnd(bytes: Buffer, from: number): number {
  const lf = bytes.indexOf(LF, from)
  const end = lf === -1 ? bytes.length : lf
  const nul = bytes.subarray(from, end).indexOf(NUL)
  return nul === -1 ? end : from + nul
}
