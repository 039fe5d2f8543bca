// The section `tls`: what the listeners that speak TLS show, and whom they believe.
import { isIP } from 'node:net'
import { z } from 'zod'
import { choice, list, text } from '../leaf.js'

/** As certificates have them (RFC 1123 §2.1). */
export const isHostName = (name: string): boolean =>
  name.length <= 253 &&
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)

export const tlsSection = z.strictObject({
  certificate: text('a file path')
    .optional()
    .describe(
      "The file of the server's certificate and those that signed it, PEM; read again when it changes.",
    ),
  key: text('a file path').optional().describe('The file of the key of that certificate, PEM.'),
  names: list('names or addresses', (item): item is string => isHostName(item) || isIP(item) !== 0)
    .prefault([])
    .describe('What clients call the server, where its certificate is made here: names and addresses.'),
  client_ca: text('a file path')
    .optional()
    .describe('The file of an authority of your own whose client certificates are believed, PEM.'),
  client_tenant: choice('name', 'none')
    .prefault('name')
    .describe('Whether the common name of a certificate of client_ca is the only tenant that it sends for.'),
  min_version: choice('TLSv1.2', 'TLSv1.3').prefault('TLSv1.2').describe('The least version of TLS.'),
})
