// What the TLS listeners of one server share: the certificate of the moment, which new connections see as soon as it
// changes, while open ones stay as they are.
import type { SecureContextOptions, TlsOptions, Server } from 'node:tls'
import type { Logger } from 'pino'
import type { Config } from '../../config/schema.js'
import { fail, messageOf } from '../../errors.js'
import type { Certificate } from './certificate.js'
import { readCertificateFiles, stampOfFiles } from './certificate-files.js'

/** How often the files are looked at. Milliseconds. */
const LOOK_EVERY_MS = 2000

export interface ServerTls {
  /** For a server that is being made. */
  options(): TlsOptions
  /** From now on the server has the certificate of the moment. */
  keep(server: Server): void
  /** Reads the files again. What is wrong is logged and changes nothing. */
  reload(config: Config['tls']): void
  close(): void
}

export interface ServerTlsOptions {
  readonly config: Config['tls']
  readonly log: Logger
}

/** Throws CONFIG_INVALID where there is no certificate that can be used. */
export function openServerTls({ config: first, log }: ServerTlsOptions): ServerTls {
  let config = first
  let stamp = stampOf(config)
  let certificate = read(config)
  const servers = new Set<Server>()

  const refresh = (wanted: Config['tls']): void => {
    stamp = stampOf(wanted)
    try {
      certificate = read(wanted)
      config = wanted
      for (const server of servers) server.setSecureContext(contextOptions(certificate, config))
      log.info({ certificate: shown(certificate) }, 'the certificate was read again')
    } catch (error) {
      log.error({ reason: messageOf(error) }, 'the new certificate cannot be used; the old one stays')
    }
  }

  const timer = setInterval(() => {
    if (stampOf(config) !== stamp) refresh(config)
  }, LOOK_EVERY_MS)
  timer.unref()

  return {
    options: () => contextOptions(certificate, config),
    keep(server) {
      servers.add(server)
      server.once('close', () => servers.delete(server))
    },
    reload: refresh,
    close: () => clearInterval(timer),
  }
}

function read({ certificate, key }: Config['tls']): Certificate {
  if (certificate !== undefined && key !== undefined) return readCertificateFiles(certificate, key)
  return fail('CONFIG_INVALID', 'an https:// address needs a certificate', {
    hints: ['tls.certificate and tls.key name its files'],
  })
}

function stampOf({ certificate, key }: Config['tls']): string {
  return stampOfFiles([certificate, key].filter((path) => path !== undefined))
}

function contextOptions({ chain, key }: Certificate, { min_version }: Config['tls']): SecureContextOptions {
  return { cert: chain, key, minVersion: min_version }
}

function shown({ names, notAfterMs }: Certificate): object {
  return { names, expires: new Date(notAfterMs).toISOString() }
}
