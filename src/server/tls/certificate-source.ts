// Where the certificate of a server comes from: files that were named, else the authority of its own folder.
import type { Config } from '../../config/schema.js'
import { fail } from '../../errors.js'
import type { Authority } from './authority.js'
import type { Certificate } from './certificate.js'
import { readCertificateFiles } from './certificate-files.js'
import { ownCertificate } from './own-certificate.js'

export interface Sourced extends Certificate {
  readonly source: 'files' | 'authority'
}

export interface SourceOptions {
  readonly config: Config['tls']
  readonly dataFolder: string
  readonly authority: Authority
  /** The hosts that the server listens on by name. */
  readonly hosts: readonly string[]
  readonly nowMs: number
}

/** Throws CONFIG_INVALID where files were named that cannot be used. */
export async function sourcedCertificate(options: SourceOptions): Promise<Sourced> {
  const { certificate, key, names } = options.config
  if (certificate !== undefined && key !== undefined)
    return { ...readCertificateFiles(certificate, key), source: 'files' }
  if (certificate !== undefined || key !== undefined)
    fail('CONFIG_INVALID', 'tls.certificate and tls.key belong together, and only one is there')
  const wanted = { ...options, names: [...names, ...options.hosts] }
  return { ...(await ownCertificate(wanted)), source: 'authority' }
}
