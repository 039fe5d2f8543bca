// Writes answers of any size piece by piece, so that a large one neither holds up other requests nor stands in memory
// a second time; compressed where the client takes gzip.
import { createGzip, type Gzip } from 'node:zlib'
import { turns } from '../../../record/turns.js'
import { writePiece } from '../../answer.js'
import type { Asked } from './loki-route.js'

/** Pieces are gathered to this size before they are written. Characters. */
const CHUNK_CHARS = 64 * 1024
/** Smaller answers are not worth compressing. */
const WORTH_GZIP_CHARS = 1024

export function sendObject(asked: Asked, body: object): Promise<void> {
  return sendPieces(asked, [JSON.stringify(body)])
}

export async function sendPieces(asked: Asked, pieces: Iterable<string>): Promise<void> {
  const { response, request } = asked.exchange
  const chunks = chunked(pieces)[Symbol.iterator]()
  const first = chunks.next()
  const text = first.done ? '' : first.value
  response.setHeader('content-type', 'application/json; charset=UTF-8')
  response.setHeader('vary', 'Accept-Encoding')
  const gzip = text.length >= WORTH_GZIP_CHARS && takesGzip(request.headers['accept-encoding'])
  if (gzip) response.setHeader('content-encoding', 'gzip')
  if (request.method === 'HEAD') response.end()
  else if (gzip) await sendCompressed(asked, text, chunks)
  else await sendPlain(asked, text, chunks)
}

function* chunked(pieces: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length < CHUNK_CHARS) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

async function sendPlain({ exchange, service }: Asked, first: string, rest: Iterator<string>): Promise<void> {
  const write = (text: string): Promise<void> => writePiece(exchange, text, service)
  const last = await writeAll(first, rest, write)
  exchange.response.end(last)
}

async function sendCompressed(
  { exchange, service }: Asked,
  first: string,
  rest: Iterator<string>,
): Promise<void> {
  const gzip = createGzip({ level: 1 })
  const ready: Buffer[] = []
  gzip.on('data', (chunk: Buffer) => ready.push(chunk))
  const flush = (): Promise<void> => writePiece(exchange, Buffer.concat(ready.splice(0)), service)
  const last = await writeAll(first, rest, async (text) => {
    await compress(gzip, text)
    if (ready.length > 0) await flush()
  })
  await new Promise<void>((resolve, reject) => {
    gzip.on('end', () => resolve()).on('error', reject)
    gzip.end(last)
  })
  exchange.response.end(Buffer.concat(ready))
}

/** Writes all but the last chunk, which it gives back. */
async function writeAll(
  first: string,
  rest: Iterator<string>,
  write: (text: string) => Promise<void>,
): Promise<string> {
  let text = first
  const giveWay = turns()
  for (let next = rest.next(); !next.done; next = rest.next()) {
    await write(text)
    text = next.value
    await giveWay()
  }
  return text
}

function compress(gzip: Gzip, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    gzip.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** `gzip;q=0` refuses it (RFC 9110 §12.5.3). */
function takesGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .some((one) => /^\s*(?:gzip|x-gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$)|$)/i.test(one))
}
