// Content in blocks of whole lines, each knowing the number of its first line. A line that is longer than any
// request may be is left out, so that a file without line ends costs no more memory than a request.
const LF = 0x0a

export interface LineBlock {
  readonly bytes: Buffer
  /** The number of its first line; the first of a file is 1. */
  readonly firstLine: number
  /** How many lines begin in it. */
  readonly lines: number
  /** It is the last line of the content, and has no end. */
  readonly open: boolean
}

interface Cutting {
  /** The front of a line whose end has not come yet. */
  readonly rest: Buffer[]
  restBytes: number
  /** The line at hand is too long. */
  skipping: boolean
  line: number
}

/** `tooLong` is told the number of every line that is left out. */
export async function* lineBlocks(
  content: AsyncIterable<Buffer>,
  lineBytes: number,
  tooLong: (line: number) => void,
): AsyncGenerator<LineBlock> {
  const cutting: Cutting = { rest: [], restBytes: 0, skipping: false, line: 1 }
  for await (const chunk of content) {
    const end = chunk.lastIndexOf(LF) + 1
    if (end > 0) {
      const block = blockOf(cutting, wholeLines(cutting, chunk.subarray(0, end)), false)
      if (block) yield block
    }
    keep(cutting, chunk.subarray(end), lineBytes, tooLong)
  }
  const block = blockOf(cutting, Buffer.concat(cutting.rest), true)
  if (block) yield block
}

/** The chunk with what was left before it, but without the end of a line that is left out. */
function wholeLines(cutting: Cutting, chunk: Buffer): Buffer {
  if (cutting.skipping) {
    cutting.skipping = false
    cutting.line++
    return chunk.subarray(chunk.indexOf(LF) + 1)
  }
  const bytes = cutting.restBytes === 0 ? chunk : Buffer.concat([...cutting.rest, chunk])
  cutting.rest.length = 0
  cutting.restBytes = 0
  return bytes
}

function blockOf(cutting: Cutting, bytes: Buffer, open: boolean): LineBlock | undefined {
  if (bytes.length === 0) return undefined
  const firstLine = cutting.line
  const lines = open ? 1 : countLines(bytes)
  cutting.line += lines
  return { bytes, firstLine, lines, open }
}

function keep(cutting: Cutting, rest: Buffer, lineBytes: number, tooLong: (line: number) => void): void {
  if (cutting.skipping || rest.length === 0) return
  // A copy where it is small, so that it does not hold on to the whole chunk.
  cutting.rest.push(rest.length < 4096 ? Buffer.from(rest) : rest)
  cutting.restBytes += rest.length
  if (cutting.restBytes <= lineBytes) return
  cutting.rest.length = 0
  cutting.restBytes = 0
  cutting.skipping = true
  tooLong(cutting.line)
}

/** Line ends in a stretch of bytes. */
export function countLines(bytes: Buffer, start = 0, end = bytes.length): number {
  let lines = 0
  for (let at = bytes.indexOf(LF, start); at !== -1 && at < end; at = bytes.indexOf(LF, at + 1)) lines++
  return lines
}
