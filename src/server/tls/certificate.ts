// A certificate with its key, judged before any client sees it.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { fail, messageOf } from '../../errors.js'

/** Two weeks are enough to notice and act. */
const SOON_MS = 14 * 86_400_000

export interface Lifetime {
  /** Milliseconds since the epoch. */
  readonly notBeforeMs: number
  readonly notAfterMs: number
}

export interface Certificate extends Lifetime {
  /** PEM, the server's own first. */
  readonly chain: string
  /** PEM. */
  readonly key: string
  /** SHA-256, in hex with colons. */
  readonly fingerprint: string
  /** The names and addresses that it is for. */
  readonly names: readonly string[]
}

/** Throws CONFIG_INVALID where the two are no certificate and its key; `from` names them in the message. */
export function judgedCertificate(chain: string, key: string, from: string): Certificate {
  const own = parsed(() => new X509Certificate(chain), `${from}: the certificate is not PEM`)
  const secret = parsed(() => createPrivateKey(key), `${from}: the key is not PEM`)
  if (!own.checkPrivateKey(secret))
    fail('CONFIG_INVALID', `${from}: the key is not that of the certificate`, {
      hints: ['the first certificate of the file must be that of the server, those that signed it below'],
    })
  parsed(() => createSecureContext({ cert: chain, key }), `${from}: TLS cannot use it`)
  return {
    chain,
    key,
    notBeforeMs: Date.parse(own.validFrom),
    notAfterMs: Date.parse(own.validTo),
    fingerprint: own.fingerprint256,
    names: namesOf(own),
  }
}

/** A third of its life is left, or less: the share that works for certificates of ten years and of six days alike. */
export function isDueForRenewal({ notBeforeMs, notAfterMs }: Lifetime, nowMs: number): boolean {
  return notAfterMs - nowMs <= (notAfterMs - notBeforeMs) / 3
}

/** Renewal by itself has failed for a while by now, or nobody renewed it. */
function isEndingSoon({ notBeforeMs, notAfterMs }: Lifetime, nowMs: number): boolean {
  return notAfterMs - nowMs <= Math.min(SOON_MS, (notAfterMs - notBeforeMs) / 4)
}

export function lifeState(life: Lifetime, nowMs: number): 'valid' | 'expiring' | 'expired' {
  if (life.notAfterMs <= nowMs) return 'expired'
  return isEndingSoon(life, nowMs) ? 'expiring' : 'valid'
}

function parsed<Value>(read: () => Value, why: string): Value {
  try {
    return read()
  } catch (error) {
    return fail('CONFIG_INVALID', `${why}: ${messageOf(error)}`, { cause: error })
  }
}

/** `DNS:a.example.com, IP Address:10.0.0.1` as names alone. */
function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return subjectAltName
    .split(', ')
    .map((entry) => entry.replace(/^(?:DNS|IP Address):/, ''))
    .filter((name) => name !== '')
}
