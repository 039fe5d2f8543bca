// Turns what went wrong between client and server into the errors that the table of failures knows.
import type { IncomingMessage } from 'node:http'
import type { FailureCode } from '../errors.js'
import { errnoOf, FAILURES, LogctlError, messageOf } from '../errors.js'
import { chunksOf } from './chunks.js'

/** Answers that are no records are small. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024

const BY_STATUS: Readonly<Record<number, FailureCode>> = {
  400: 'QUERY_INVALID',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  408: 'CLIENT_SLOW',
  413: 'BODY_TOO_LARGE',
  415: 'MEDIA_UNSUPPORTED',
  429: 'RATE_LIMITED',
}

const WHY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name cannot be looked up',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  EACCES: 'its socket may not be opened by this user',
  EPROTO: 'it does not speak TLS as this client does',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it wants another version of TLS',
}

const NAME_THE_AUTHORITY = 'client.ca (LOGCTL_CLIENT_CA) names the file of the authority that signed it'
/** What is wrong with the certificate of a server, and what helps. */
const UNTRUSTED: Readonly<Record<string, readonly [string, string]>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is signed by itself', NAME_THE_AUTHORITY],
  SELF_SIGNED_CERT_IN_CHAIN: ['its certificate comes from an authority unknown here', NAME_THE_AUTHORITY],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'its certificate comes from an authority unknown here',
    NAME_THE_AUTHORITY,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'its certificate comes from an authority unknown here',
    NAME_THE_AUTHORITY,
  ],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'it has to be renewed where the server runs'],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'is the clock of this machine right?'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for other names', 'use a name that it is for'],
}

export function unreachable(error: unknown, name: string): LogctlError {
  if (error instanceof LogctlError) return error
  const untrusted = UNTRUSTED[errnoOf(error) ?? '']
  if (untrusted) {
    const [why, hint] = untrusted
    return new LogctlError('UNREACHABLE', `cannot trust ${name}: ${why}`, { cause: error, hints: [hint] })
  }
  const why = WHY[errnoOf(error) ?? ''] ?? messageOf(error)
  return new LogctlError('UNREACHABLE', `cannot reach ${name}: ${why}`, {
    cause: error,
    hints: ['logctl serve starts a server', '--server URL, or LOGCTL_SERVER, names another'],
  })
}

/** The whole body as text. */
export async function readAll(answer: IncomingMessage, name: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of chunksOf(answer)) {
      bytes += chunk.length
      if (bytes > MAX_ANSWER_BYTES) throw new LogctlError('SERVER_FAILED', `${name} answers without end`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw unreachable(error, name)
  } finally {
    answer.destroy()
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The server's own error where it gives one, else what its status means. */
export async function errorOfAnswer(answer: IncomingMessage, name: string): Promise<LogctlError> {
  const status = answer.statusCode ?? 0
  const text = await readAll(answer, name).catch(() => '')
  const retryAfterS = Number(answer.headers['retry-after'])
  const detail = retryAfterS > 0 ? { retryAfterS } : {}
  const told = toldError(text)
  if (told) return new LogctlError(told.code, told.message, { ...detail, hints: told.hints })
  const code = BY_STATUS[status] ?? (status === 503 ? 'OVERLOADED' : 'SERVER_FAILED')
  const firstLine = text.split('\n', 1)[0]?.slice(0, 200) ?? ''
  return new LogctlError(code, `${name} answered ${status}${firstLine && `: ${firstLine}`}`, detail)
}

interface Told {
  readonly code: FailureCode
  readonly message: string
  readonly hints: readonly string[]
}

function toldError(text: string): Told | undefined {
  try {
    return readTold(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** Reads `{error: {code, message, hints}}`; undefined when it is anything else. */
export function readTold(value: unknown): Told | undefined {
  const error = (value as { error?: Partial<Record<keyof Told, unknown>> } | null)?.error
  if (typeof error !== 'object' || typeof error.code !== 'string' || !Object.hasOwn(FAILURES, error.code))
    return undefined
  const hints = Array.isArray(error.hints) ? error.hints.map(String) : []
  return { code: error.code as FailureCode, message: String(error.message), hints }
}
