// The certificate that an administrator or another program keeps in files: read as a pair, and again when they change.
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { fail, messageOf } from '../../errors.js'
import { type Certificate, judgedCertificate } from './certificate.js'

/** A chain of certificates is a few KiB. */
const MAX_BYTES = 2 ** 20

/** Throws CONFIG_INVALID where they cannot be read, or are no pair. */
export function readCertificateFiles(certificate: string, key: string): Certificate {
  return judgedCertificate(readPem(certificate), readPem(key), certificate)
}

/** The certificates of authorities, PEM. Throws CONFIG_INVALID. */
export function readAuthorities(path: string): string {
  const pem = readPem(path)
  try {
    void new X509Certificate(pem)
    return pem
  } catch (error) {
    return fail('CONFIG_INVALID', `${path} is no certificate in PEM: ${messageOf(error)}`, { cause: error })
  }
}

function readPem(path: string): string {
  try {
    if (statSync(path).size > MAX_BYTES) fail('CONFIG_INVALID', `${path} is too large for a certificate`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    return fail('CONFIG_INVALID', `${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

/** Differs when any of the files was changed or replaced. */
export function stampOfFiles(paths: readonly string[]): string {
  return paths.map(stampOf).join('|')
}

/** A file that is being replaced may be gone for a moment. */
function stampOf(path: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true })
    return `${ino}:${size}:${mtimeNs}`
  } catch {
    return 'unreadable'
  }
}
