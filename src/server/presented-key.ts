// Finds the key in the headers of a request, in every form that the protocols' own clients send it in.

/** A longer header is no key. */
export const MAX_PRESENTED_CHARS = 4096

/** Node's `headersDistinct`, HTTP/2 headers or gRPC metadata: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * The key that a request presents. A header made for keys counts before `Authorization`, which a proxy in
 * between may use for itself. Undefined when there is none; whether the key is any good is not judged here.
 *
 * - `X-API-Key: KEY`, `DD-API-KEY: KEY` (Datadog)
 * - `Authorization: Bearer KEY` (RFC 6750), `Splunk KEY` (HTTP Event Collector)
 * - `Authorization: Basic base64(USER:KEY)` (RFC 7617); with an empty password the user is the key (Heroku)
 * - `Authorization: ApiKey KEY` or `ApiKey base64(ID:KEY)` (Elasticsearch)
 */
export function presentedKey(headers: Headers): string | undefined {
  return (
    plain(first(headers['x-api-key'])) ??
    plain(first(headers['dd-api-key'])) ??
    ofAuthorization(first(headers['authorization']))
  )
}

/** Of a header that was sent twice the first counts. */
function first(value: string | readonly string[] | undefined): string | undefined {
  const text = typeof value === 'string' ? value : value?.[0]
  return text !== undefined && text.length <= MAX_PRESENTED_CHARS ? text : undefined
}

function plain(text: string | undefined): string | undefined {
  return text?.trim() || undefined
}

function ofAuthorization(text: string | undefined): string | undefined {
  const match = /^\s*([A-Za-z]+) +(\S.*)$/.exec(text ?? '')
  const credentials = match?.[2]?.trim() ?? ''
  switch (match?.[1]?.toLowerCase()) {
    case 'bearer':
    case 'splunk':
      return plain(credentials)
    case 'basic':
      return ofBasic(credentials)
    case 'apikey':
      return plain(ofPair(credentials) ?? credentials)
    default:
      return undefined
  }
}

function ofBasic(credentials: string): string | undefined {
  const pair = decoded(credentials)
  if (pair === undefined) return undefined
  const colon = pair.indexOf(':')
  const user = colon < 0 ? pair : pair.slice(0, colon)
  return (colon < 0 ? '' : pair.slice(colon + 1)) || user || undefined
}

/** The key of `base64(ID:KEY)`; undefined when it is anything else, such as a key that merely looks like base64. */
function ofPair(credentials: string): string | undefined {
  const pair = decoded(credentials)
  return pair === undefined ? undefined : /^[\x21-\x39\x3b-\x7e]+:([\x21-\x7e]+)$/.exec(pair)?.[1]
}

/** Base64 as RFC 4648 §4 or §5 has it, padded or not; undefined for anything else. */
function decoded(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  const utf8 = bytes.toString('utf8')
  return utf8.includes('�') ? undefined : utf8
}
