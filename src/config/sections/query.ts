// The sections `query` and `client`: the limits of answers, and the server or files that commands ask.
import { z } from 'zod'
import { parseServerUrl } from '../address.js'
import { count, countOrAuto, secret, sizeOrAuto, text, textAs, timer } from '../leaf.js'

export const querySection = z.strictObject({
  timeout: timer().prefault('60s').describe('A query that takes longer ends with an error.'),
  max_rows: count({ min: 1 }).optional().describe('Rows that an answer may have; no limit where absent.'),
  concurrency: countOrAuto({ min: 1, max: 64 })
    .prefault('auto')
    .describe('Queries that run at once; auto is 2, or 1 on a small machine.'),
  memory: sizeOrAuto({ min: 32 * 2 ** 20 })
    .prefault('auto')
    .describe('Memory for all queries together; auto is sized to the machine or container.'),
  max_tails: count({ min: 1, max: 100_000 }).prefault(100).describe('Live tails open at once.'),
})

export const clientSection = z.strictObject({
  server: textAs('a URL such as https://logs.example.com', parseServerUrl)
    .optional()
    .describe('The server that commands ask.'),
  dir: text('a folder').optional().describe('The folder of plain daily files that commands read.'),
  key: secret().optional().describe('The key for that server. Better in the variable LOGCTL_KEY.'),
  ca: text('a file path')
    .optional()
    .describe('The file of the authority that signed the certificate of that server, PEM.'),
  // Not `tenant()`: a reader may ask for several at once, `a|b`.
  tenant: text('a tenant').optional().describe('The tenant that commands ask for; a|b asks for both.'),
})
