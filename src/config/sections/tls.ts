// The section `tls`: what the listeners that speak TLS show, and whom they believe.
import { z } from 'zod'
import { choice, text } from '../leaf.js'

export const tlsSection = z.strictObject({
  certificate: text('a file path')
    .optional()
    .describe(
      "The file of the server's certificate and those that signed it, PEM; read again when it changes.",
    ),
  key: text('a file path').optional().describe('The file of the key of that certificate, PEM.'),
  min_version: choice('TLSv1.2', 'TLSv1.3').prefault('TLSv1.2').describe('The least version of TLS.'),
})
