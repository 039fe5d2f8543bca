// The certificate that a server has from the authority of its own folder, where no other was given: made by itself,
// and anew in good time, so that whoever believes the authority need not be told.
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isIP } from 'node:net'
import { tlsFolder } from '../../config/paths.js'
import { type Authority, issueCertificate } from './authority.js'
import { type Certificate, isDueForRenewal, judgedCertificate } from './certificate.js'
import { makeTlsFolder, writeSecretFile } from './tls-folder.js'

const LIFETIME_MS = 90 * 86_400_000

export interface OwnCertificateOptions {
  readonly dataFolder: string
  readonly authority: Authority
  /** What clients call the server, beside the names of the machine. */
  readonly names: readonly string[]
  readonly nowMs: number
}

export function ownCertificateFiles(dataFolder: string): {
  readonly certificate: string
  readonly key: string
} {
  const folder = tlsFolder(dataFolder)
  return { certificate: join(folder, 'server.pem'), key: join(folder, 'server.key') }
}

/** The one of the folder where it is good for a while and for all names, else a new one. */
export async function ownCertificate(options: OwnCertificateOptions): Promise<Certificate> {
  const { dataFolder, authority, nowMs } = options
  const files = ownCertificateFiles(dataFolder)
  const names = namesWith(options.names)
  const known = await knownCertificate(files).catch(() => undefined)
  const isOfAuthority = known?.chain.endsWith(authority.certificate)
  if (known && isOfAuthority && !isDueForRenewal(known, nowMs) && names.every((name) => covers(known, name)))
    return known
  const [commonName = 'logctl'] = names
  const issued = await issueCertificate(authority, {
    commonName: commonName.slice(0, 64),
    names,
    usage: 'server',
    nowMs,
    lifetimeMs: LIFETIME_MS,
  })
  const chain = `${issued.certificate}${authority.certificate}`
  await makeTlsFolder(dataFolder)
  await writeSecretFile(dataFolder, files.key, issued.key)
  await writeSecretFile(dataFolder, files.certificate, chain)
  return judgedCertificate(chain, issued.key, files.certificate)
}

async function knownCertificate(files: { certificate: string; key: string }): Promise<Certificate> {
  const [chain, key] = await Promise.all([readFile(files.certificate, 'utf8'), readFile(files.key, 'utf8')])
  return judgedCertificate(chain, key, files.certificate)
}

/** Those given first: the first one is the subject. */
function namesWith(given: readonly string[]): string[] {
  const host = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/i.test(hostname()) ? [hostname()] : []
  return [...new Set([...given, ...host, 'localhost', '127.0.0.1', '::1'].map((name) => name.toLowerCase()))]
}

/** Addresses have several spellings. */
function covers({ names }: Certificate, name: string): boolean {
  return names.some((known) => known === name || (isIP(name) === 6 && sameAddress(known, name)))
}

function sameAddress(left: string, right: string): boolean {
  if (isIP(left) !== 6) return false
  return new URL(`http://[${left}]`).hostname === new URL(`http://[${right}]`).hostname
}
