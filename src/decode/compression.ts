// Decompresses request bodies by their Content-Encoding, never beyond a limit: a bomb costs no more than the limit.
import { promisify } from 'node:util'
import { gunzip, inflate, inflateRaw } from 'node:zlib'
import { errnoOf, fail } from '../errors.js'
import { unsnappy } from './snappy.js'
import { unzstd } from './zstd.js'

type Decompressor = (body: Buffer, limitBytes: number) => Promise<Buffer>

const gunzipAsync = promisify(gunzip)
const inflateAsync = promisify(inflate)
const inflateRawAsync = promisify(inflateRaw)

const DECOMPRESSORS: ReadonlyMap<string, Decompressor> = new Map<string, Decompressor>([
  ['gzip', ungzip],
  ['x-gzip', ungzip],
  ['deflate', undeflate],
  ['zstd', unzstd],
  ['snappy', async (body, limitBytes) => unsnappy(body, limitBytes)],
])

/**
 * The body as it was before its Content-Encoding (absent and `identity` mean none). Throws BODY_TOO_LARGE when it is
 * larger than `limitBytes`, BODY_INVALID when it is cut off or broken, MEDIA_UNSUPPORTED for other encodings and for
 * several at once.
 */
export async function decompress(
  body: Buffer,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? ''
  if (name === '' || name === 'identity')
    return body.length > limitBytes
      ? fail('BODY_TOO_LARGE', `the body is larger than ${limitBytes} bytes`)
      : body
  const decompressor = DECOMPRESSORS.get(name)
  if (decompressor === undefined) return unsupported(name)
  return body.length === 0 ? body : decompressor(body, limitBytes)
}

async function ungzip(body: Buffer, limitBytes: number): Promise<Buffer> {
  return gunzipAsync(body, { maxOutputLength: limitBytes }).catch((error: unknown) =>
    refused(error, 'gzip', limitBytes),
  )
}

/** RFC 9110 §8.4.1.2 means zlib's format; some clients send the bare stream, so what is not zlib is tried as that. */
async function undeflate(body: Buffer, limitBytes: number): Promise<Buffer> {
  const options = { maxOutputLength: limitBytes }
  if (isZlib(body)) {
    try {
      return await inflateAsync(body, options)
    } catch (error) {
      if (isTooLarge(error)) return refused(error, 'deflate', limitBytes)
    }
  }
  return inflateRawAsync(body, options).catch((error: unknown) => refused(error, 'deflate', limitBytes))
}

/** RFC 1950 §2.2: method 8, and a header that is a multiple of 31. */
function isZlib(body: Buffer): boolean {
  return body.length >= 2 && ((body[0] as number) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0
}

function isTooLarge(error: unknown): boolean {
  return errnoOf(error) === 'ERR_BUFFER_TOO_LARGE'
}

function refused(error: unknown, encoding: string, limitBytes: number): never {
  if (isTooLarge(error))
    fail('BODY_TOO_LARGE', `the body is larger than ${limitBytes} bytes when decompressed`)
  return fail('BODY_INVALID', `the body is not whole ${encoding} data`, { cause: error })
}

function unsupported(name: string): never {
  const hint = `send it as one of: identity, ${[...DECOMPRESSORS.keys()].join(', ')}`
  return fail('MEDIA_UNSUPPORTED', `Content-Encoding "${name}" is not supported`, { hints: [hint] })
}
