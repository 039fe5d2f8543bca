// What the TLS listeners of one server share: the certificate of the moment, which new connections see as soon as it
// changes, while open ones stay as they are; and the clients that it believes.
import type { Duplex } from 'node:stream'
import type { Server, TlsOptions } from 'node:tls'
import type { Logger } from 'pino'
import type { Config } from '../../config/schema.js'
import { messageOf } from '../../errors.js'
import { type Authority, openAuthority } from './authority.js'
import { isDueForRenewal } from './certificate.js'
import { readAuthorities, stampOfFiles } from './certificate-files.js'
import { type Sourced, sourcedCertificate } from './certificate-source.js'
import { openClientRing } from './client-ring.js'
import { type Presented, presentedCertificate } from './presented-certificate.js'

/** How often the files are looked at. Milliseconds. */
const LOOK_EVERY_MS = 2000
/** After a certificate could not be renewed. Milliseconds. */
const AGAIN_AFTER_MS = 600_000

type TlsConfig = Config['tls']

export interface ServerTls {
  /** For a server that is being made. */
  options(): TlsOptions
  /** From now on the server has the certificate of the moment. */
  keep(server: Server): void
  /** The sender by its certificate; undefined where it presented none. */
  identify(socket: Duplex): Presented | undefined
  /** True where senders have certificates that are believed. */
  hasClients(): boolean
  /** Reads the files again. What is wrong is logged and changes nothing. */
  reload(config: TlsConfig): Promise<void>
  /** The one that new connections see. */
  certificate(): Sourced
  close(): void
}

export interface ServerTlsOptions {
  readonly config: TlsConfig
  readonly dataFolder: string
  /** The hosts that the server listens on, for the names of a certificate of its own. */
  readonly hosts: readonly string[]
  readonly nowMs: () => number
  readonly log: Logger
}

/** What the context of new connections is made of. */
interface Material {
  readonly config: TlsConfig
  readonly certificate: Sourced
  /** PEM. */
  readonly clientCa: string | undefined
}

/** Throws CONFIG_INVALID where what was named cannot be used. */
export async function openServerTls(options: ServerTlsOptions): Promise<ServerTls> {
  const { dataFolder, nowMs, log } = options
  const authority = await openAuthority(dataFolder, nowMs())
  const clients = openClientRing({
    dataFolder,
    nowMs,
    onDamage: (failure) =>
      log.error({ err: failure }, 'clients.json cannot be read; client certificates stay as they were'),
  })
  let stamp = stampOf(options.config)
  let material = await gather(options, options.config, authority)
  let lookedMs = nowMs()
  const servers = new Set<Server>()

  const refresh = async (config: TlsConfig): Promise<void> => {
    stamp = stampOf(config)
    lookedMs = nowMs()
    try {
      material = await gather(options, config, authority)
      for (const server of servers) server.setSecureContext(contextOf(material, authority))
      log.info({ certificate: shown(material.certificate) }, 'the certificate was read again')
    } catch (error) {
      log.error({ reason: messageOf(error) }, 'the new certificate cannot be used; the old one stays')
    }
  }
  let refreshing = Promise.resolve()
  const reload = (config: TlsConfig): Promise<void> => (refreshing = refreshing.then(() => refresh(config)))

  const isDue = (): boolean =>
    stampOf(material.config) !== stamp ||
    (material.certificate.source === 'authority' &&
      isDueForRenewal(material.certificate, nowMs()) &&
      nowMs() - lookedMs > AGAIN_AFTER_MS)
  const timer = setInterval(() => {
    if (isDue()) void reload(material.config)
  }, LOOK_EVERY_MS)
  timer.unref()

  return {
    // A client without a certificate, or with a bad one, may still have a key: the doors judge it.
    options: () => ({ ...contextOf(material, authority), requestCert: true, rejectUnauthorized: false }),
    keep(server) {
      servers.add(server)
      server.once('close', () => servers.delete(server))
    },
    identify: (socket) =>
      presentedCertificate(socket, {
        authority: authority.certificate,
        clients,
        isNameTenant: material.config.client_tenant === 'name',
        nowMs: nowMs(),
      }),
    hasClients: () => material.clientCa !== undefined || !clients.isEmpty(),
    reload,
    certificate: () => material.certificate,
    close: () => clearInterval(timer),
  }
}

async function gather(
  { dataFolder, hosts, nowMs }: ServerTlsOptions,
  config: TlsConfig,
  authority: Authority,
): Promise<Material> {
  const clientCa = config.client_ca === undefined ? undefined : readAuthorities(config.client_ca)
  const certificate = await sourcedCertificate({ config, dataFolder, authority, hosts, nowMs: nowMs() })
  return { config, certificate, clientCa }
}

function stampOf({ certificate, key, client_ca }: TlsConfig): string {
  return stampOfFiles([certificate, key, client_ca].filter((path) => path !== undefined))
}

function contextOf({ certificate, clientCa, config }: Material, authority: Authority): TlsOptions {
  return {
    cert: certificate.chain,
    key: certificate.key,
    ca: [authority.certificate, ...(clientCa === undefined ? [] : [clientCa])],
    minVersion: config.min_version,
  }
}

function shown({ names, notAfterMs, source }: Sourced): object {
  return { names, source, expires: new Date(notAfterMs).toISOString() }
}
