// Results go to stdout through here: no faster than the reader takes them, and quietly to an end when the
// reader is gone (`logctl grep … | head -1`).
import { once } from 'node:events'
import { errnoOf, fail, messageOf } from '../errors.js'

/** Thrown by writing when nobody reads any more; the command has done what was wanted of it and ends with 0. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone'
}

export interface Out {
  /** Resolves when more may be written. Throws ReaderGone, or OUTPUT_FAILED when the text cannot be written. */
  write(text: string): Promise<void>
}

export function writeOut(stream: NodeJS.WritableStream): Out {
  let failure: unknown
  const listening = new AbortController()
  stream.on('error', (error) => {
    failure ??= error
    listening.abort()
  })
  const check = (): void => {
    if (failure === undefined) return
    if (errnoOf(failure) === 'EPIPE') throw new ReaderGone()
    fail('OUTPUT_FAILED', `stdout could not be written: ${messageOf(failure)}`, { cause: failure })
  }
  return {
    async write(text) {
      check()
      if (!stream.write(text)) await once(stream, 'drain', { signal: listening.signal }).catch(() => {})
      check()
    },
  }
}
