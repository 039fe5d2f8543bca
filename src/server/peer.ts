// Tells a client's address, through proxies that are trusted and no others.
import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import type { Duplex } from 'node:stream'

const MAX_HOPS = 50

/** What tells of a request where it comes from: of HTTP or of gRPC. */
export interface Sent {
  readonly headers: IncomingHttpHeaders
  readonly socket: Duplex & { readonly remoteAddress?: string | undefined }
}

/** Without the IPv4-in-IPv6 prefix (RFC 4291 §2.5.5.2) and zone. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
}

/** An entry of X-Forwarded-For: an address, perhaps with port or brackets; undefined for anything else. */
function addressOf(entry: string): string | undefined {
  const text = entry
    .trim()
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1')
  return isIP(plainAddress(text)) === 0 ? undefined : plainAddress(text)
}

/**
 * The address of who sent the request. Behind a trusted proxy it is the rightmost entry of X-Forwarded-For that is
 * no trusted proxy itself (what stands further left is the client's own word), else CF-Connecting-IP.
 * A connection over a Unix socket has the empty address.
 */
export function peerAddress(request: Sent, isTrusted: (address: string) => boolean): string {
  const direct = plainAddress(request.socket.remoteAddress ?? '')
  if (!isTrusted(direct)) return direct
  const forwarded = request.headers['x-forwarded-for']
  const hops = forwarded === undefined ? [] : String(forwarded).split(',').slice(-MAX_HOPS)
  let nearest = direct
  for (const hop of hops.toReversed()) {
    const address = addressOf(hop)
    if (address === undefined) return nearest
    nearest = address
    if (!isTrusted(address)) return address
  }
  if (hops.length > 0) return nearest
  return addressOf(String(request.headers['cf-connecting-ip'] ?? '')) ?? direct
}

/** True when a proxy passed the request on, whoever it is. */
export function isForwarded({ headers }: Pick<Sent, 'headers'>): boolean {
  return ['x-forwarded-for', 'cf-connecting-ip', 'forwarded'].some((name) => headers[name] !== undefined)
}
