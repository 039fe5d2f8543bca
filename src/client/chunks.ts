// Reads the body of an answer as it comes, as bytes or as whole lines, and never waits for ever.
import type { IncomingMessage } from 'node:http'
import { StringDecoder } from 'node:string_decoder'
import { LogctlError } from '../errors.js'

/** The longest pause within an answer. Milliseconds. */
const SILENCE_MS = 60_000
/** No record is this long. UTF-16 units. */
const MAX_LINE = 300 * 1024 * 1024

/** The time that the reader takes between two pieces does not count as silence. */
export async function* chunksOf(answer: IncomingMessage, silenceMs = SILENCE_MS): AsyncGenerator<Buffer> {
  const chunks = answer[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  for (;;) {
    const timer = setTimeout(() => {
      answer.destroy(new LogctlError('UNREACHABLE', 'the server fell silent'))
    }, silenceMs)
    let next: IteratorResult<Buffer>
    try {
      next = await chunks.next()
    } finally {
      clearTimeout(timer)
    }
    if (next.done) return
    yield next.value
  }
}

/** The whole lines of each chunk, without their ends; what stands after the last end is no line. */
export async function* linesOf(answer: IncomingMessage, silenceMs = SILENCE_MS): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8')
  let rest: string[] = []
  let restLength = 0
  for await (const chunk of chunksOf(answer, silenceMs)) {
    const text = decoder.write(chunk)
    const end = text.lastIndexOf('\n')
    if (end < 0) {
      rest.push(text)
      restLength += text.length
      if (restLength > MAX_LINE) throw new LogctlError('SERVER_FAILED', 'the server sends a line without end')
      continue
    }
    const lines = `${rest.join('')}${text.slice(0, end)}`.split('\n')
    rest = [text.slice(end + 1)]
    restLength = rest[0]?.length ?? 0
    yield lines
  }
}
