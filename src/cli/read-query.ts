// The text of a query that a person gave as an argument, in a file or on stdin.
import { createReadStream } from 'node:fs'
import path from 'node:path'
import { errnoOf, fail } from '../errors.js'
import type { World } from './world.js'

/** Bytes; above what the longest query takes as UTF-8. */
const MOST_BYTES = 524_288

export interface GivenQuery {
  readonly query?: string | undefined
  readonly file?: string | undefined
}

/** Throws USAGE where there is none or it cannot be read, QUERY_INVALID where it is no text. */
export async function readQuery({ query, file }: GivenQuery, { cwd, stdin }: World): Promise<string> {
  if (query !== undefined && file !== undefined) fail('USAGE', 'give the query or --file, not both')
  if (query !== undefined) return query
  if (file !== undefined) return readFrom(createReadStream(path.resolve(cwd, file)), file)
  if (stdin.isTTY)
    fail('USAGE', 'a query is missing', { hints: [`give it in quotes: '{app="web"} |= "text"'`] })
  return readFrom(stdin, 'stdin')
}

async function readFrom(stream: AsyncIterable<Buffer>, name: string): Promise<string> {
  const pieces: Buffer[] = []
  let sizeBytes = 0
  try {
    for await (const piece of stream) {
      pieces.push(piece)
      sizeBytes += piece.length
      if (sizeBytes > MOST_BYTES) break
    }
  } catch (error) {
    fail('USAGE', `${name} cannot be read (${errnoOf(error) ?? 'unknown error'})`)
  }
  if (sizeBytes > MOST_BYTES) fail('QUERY_INVALID', `${name} holds more than ${MOST_BYTES} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch {
    return fail('QUERY_INVALID', `${name} is not UTF-8 text`)
  }
}
