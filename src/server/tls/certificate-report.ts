// The dates of every certificate of a server, told from its files: whether it runs or not.
import { existsSync } from 'node:fs'
import type { Config } from '../../config/schema.js'
import { messageOf } from '../../errors.js'
import { readAuthority } from './authority.js'
import { judgedCertificate, type Lifetime, lifeState } from './certificate.js'
import { readCertificateFiles } from './certificate-files.js'
import { readClientFile, type StoredClient } from './client-file.js'
import { ownCertificateFiles } from './own-certificate.js'

export interface ReportedCertificate {
  readonly kind: 'server' | 'authority' | 'client'
  /** The file of the first two, the name of a client's. */
  readonly name: string
  /** RFC 3339; absent where it cannot be read. */
  readonly expires?: string | undefined
  readonly state: 'valid' | 'expiring' | 'expired' | 'unreadable'
  readonly detail?: string | undefined
}

export interface ReportOptions {
  readonly config: Config['tls']
  readonly dataFolder: string
  readonly nowMs: number
}

/** Throws DATA_DAMAGED or DATA_UNREADABLE where the files of the data folder are so. */
export async function certificateReport(options: ReportOptions): Promise<readonly ReportedCertificate[]> {
  const { dataFolder, nowMs } = options
  const authority = await readAuthority(dataFolder)
  const ofAuthority = authority && judgedCertificate(authority.certificate, authority.key, 'ca.pem')
  return [
    ...serverCertificate(options),
    ...(ofAuthority ? [reported('authority', 'ca.pem', ofAuthority, nowMs)] : []),
    ...newestOfEach(readClientFile(dataFolder).clients).map((client) =>
      reported('client', client.name, lifetimeOf(client), nowMs),
    ),
  ]
}

function serverCertificate({ config, dataFolder, nowMs }: ReportOptions): ReportedCertificate[] {
  const own = ownCertificateFiles(dataFolder)
  const { certificate, key } = config
  const files = certificate !== undefined && key !== undefined ? { certificate, key } : own
  if (files === own && !existsSync(own.certificate)) return []
  try {
    const found = readCertificateFiles(files.certificate, files.key)
    return [reported('server', files.certificate, found, nowMs)]
  } catch (error) {
    return [{ kind: 'server', name: files.certificate, state: 'unreadable', detail: messageOf(error) }]
  }
}

/** One that was replaced, or revoked, may run out. */
function newestOfEach(clients: readonly StoredClient[]): readonly StoredClient[] {
  const newest = new Map<string, StoredClient>()
  for (const client of clients.filter(({ revoked }) => revoked === undefined)) {
    const other = newest.get(client.name)
    if (other === undefined || Date.parse(client.expires) > Date.parse(other.expires))
      newest.set(client.name, client)
  }
  return [...newest.values()]
}

function lifetimeOf({ created, expires }: StoredClient): Lifetime {
  return { notBeforeMs: Date.parse(created), notAfterMs: Date.parse(expires) }
}

function reported(
  kind: ReportedCertificate['kind'],
  name: string,
  life: Lifetime,
  nowMs: number,
): ReportedCertificate {
  return { kind, name, expires: new Date(life.notAfterMs).toISOString(), state: lifeState(life, nowMs) }
}
