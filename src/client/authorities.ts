// Whom a client believes: the authorities of the machine, and one that was named.
import { readFileSync } from 'node:fs'
import { rootCertificates, type SecureContextOptions } from 'node:tls'
import { X509Certificate } from 'node:crypto'
import { fail, messageOf } from '../errors.js'

/** For an agent or connection. Throws CONFIG_INVALID where the file is no certificate. */
export function authorities(ca: string | undefined): SecureContextOptions {
  if (ca === undefined) return {}
  try {
    const pem = readFileSync(ca, 'utf8')
    void new X509Certificate(pem)
    // A list of one's own replaces Node's.
    return { ca: [...rootCertificates, pem] }
  } catch (error) {
    return fail('CONFIG_INVALID', `client.ca: ${ca} is no certificate in PEM: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
