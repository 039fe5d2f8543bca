// Certificates that logctl did not make: by openssl, signed by themselves or by an authority.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'

export interface PemFiles {
  readonly certificate: string
  readonly key: string
}

interface Wanted {
  readonly name: string
  readonly days?: number
  /** Signs it; where absent it signs itself. */
  readonly by?: PemFiles
  /** Of the subject; localhost and the loopback addresses are always among the other names. */
  readonly subject?: string
}

export function openssl(args: readonly string[], cwd: string): string {
  return execFileSync('openssl', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Writes NAME.pem and NAME.key into the folder. */
export function makeCertificate(folder: string, { name, days = 30, by, subject = name }: Wanted): PemFiles {
  const files = { certificate: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}.key`) }
  const extensions = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1\n'
  const subjectArgs = ['-subj', `/CN=${subject}`]
  const keyArgs = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', files.key]
  if (!by) {
    const own = ['-x509', '-days', String(days), '-addext', extensions.trim(), '-out', files.certificate]
    openssl(['req', ...keyArgs, ...subjectArgs, ...own], folder)
    return files
  }
  const asked = path.join(folder, `${name}.csr`)
  const wanted = path.join(folder, `${name}.ext`)
  openssl(['req', '-new', ...keyArgs, ...subjectArgs, '-out', asked], folder)
  writeFileSync(wanted, extensions)
  const signing = ['-CA', by.certificate, '-CAkey', by.key, '-CAcreateserial', '-days', String(days)]
  openssl(['x509', '-req', '-in', asked, ...signing, '-extfile', wanted, '-out', files.certificate], folder)
  return files
}
