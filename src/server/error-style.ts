// How a refusal is written: each protocol's clients read it in a form of their own, and show it or go by it.
import type { LogctlError } from '../errors.js'

/** Loki's clients show the first line of a text; most others get JSON. */
export type ErrorStyle = 'json' | 'text' | 'elasticsearch' | 'splunk'

interface WrittenError {
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

const JSON_TYPE = 'application/json'
const TEXT_TYPE = 'text/plain; charset=utf-8'

/** The official clients take no answer of Elasticsearch's without it. */
export const PRODUCT = { 'x-elastic-product': 'Elasticsearch' } as const

export function writtenError(error: LogctlError, style: ErrorStyle): WrittenError {
  return STYLES[style](error)
}

const STYLES: Readonly<Record<ErrorStyle, (error: LogctlError) => WrittenError>> = {
  json: (error) => ({ type: JSON_TYPE, body: `${JSON.stringify(error)}\n` }),
  text: ({ message, hints }) => ({ type: TEXT_TYPE, body: `${[message, ...hints].join('\n')}\n` }),
  elasticsearch: ({ http, message }) => ({
    type: JSON_TYPE,
    body: `${JSON.stringify(elasticsearchError(http, elasticsearchType(http), message))}\n`,
    headers: PRODUCT,
  }),
  splunk: ({ code, http, message, hints }) => ({
    type: JSON_TYPE,
    body: `${JSON.stringify({ ...splunkText(code, http, message), hints })}\n`,
  }),
}

/** Elasticsearch's error body. */
export function elasticsearchError(status: number, type: string, reason: string): object {
  return { error: { root_cause: [{ type, reason }], type, reason }, status }
}

/** Elasticsearch's names of what its own server refuses. */
function elasticsearchType(status: number): string {
  if (status === 401 || status === 403) return 'security_exception'
  if (status === 429) return 'es_rejected_execution_exception'
  if (status === 503) return 'unavailable_shards_exception'
  if (status === 413) return 'content_too_long_exception'
  return status < 500 ? 'illegal_argument_exception' : 'exception'
}

/** The codes of Splunk's HTTP Event Collector ("Possible error codes" of its reference). */
function splunkText(code: string, status: number, message: string): { text: string; code: number } {
  if (code === 'UNAUTHORIZED')
    return message.includes('wants a key')
      ? { text: 'Token is required', code: 2 }
      : { text: 'Invalid token', code: 4 }
  if (status === 403) return { text: `Invalid authorization: ${message}`, code: 3 }
  if (status === 429 || status === 503) return { text: `Server is busy: ${message}`, code: 9 }
  return status < 500
    ? { text: `Invalid data format: ${message}`, code: 6 }
    : { text: `Internal server error: ${message}`, code: 8 }
}
