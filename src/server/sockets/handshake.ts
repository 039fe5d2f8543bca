// The handshake of Fluent's forward protocol: HELO with a nonce, PING that shows the sender knows the shared key, PONG
// that shows the same of this server. The key itself never goes over the wire.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { hostname } from 'node:os'
import { encode } from '@msgpack/msgpack'

export interface Handshake {
  readonly helo: Uint8Array
  /** Judges a PING, and gives the PONG. */
  answer(ping: unknown, sharedKey: string): { readonly isGood: boolean; readonly pong: Uint8Array }
}

const NONCE_BYTES = 16

export function openHandshake(): Handshake {
  const nonce = randomBytes(NONCE_BYTES)
  return {
    helo: encode(['HELO', { nonce, auth: '', keepalive: true }]),
    answer(ping, sharedKey) {
      const [word, host, salt, digest] = Array.isArray(ping) ? (ping as unknown[]) : []
      const name = hostname()
      const own = digestOf(bytesOf(salt), bytesOf(host), nonce, sharedKey)
      const isGood = word === 'PING' && isEqual(own, bytesOf(digest))
      const shown = isGood ? digestOf(bytesOf(salt), Buffer.from(name), nonce, sharedKey) : ''
      const reason = isGood ? '' : 'shared_key mismatch'
      return { isGood, pong: encode(['PONG', isGood, reason, isGood ? name : '', shown]) }
    },
  }
}

function digestOf(salt: Buffer, host: Buffer, nonce: Buffer, sharedKey: string): string {
  return createHash('sha512').update(salt).update(host).update(nonce).update(sharedKey).digest('hex')
}

/** Senders write a salt as text or as bytes. */
function bytesOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value)
  return Buffer.from(typeof value === 'string' ? value : '')
}

function isEqual(hex: string, sent: Buffer): boolean {
  const own = Buffer.from(hex)
  return own.length === sent.length && timingSafeEqual(own, sent)
}
