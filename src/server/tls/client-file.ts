// DATA/tls/clients.json: the certificates that `logctl cert client` made, by their fingerprints. One that is not in
// it is refused, whoever signed it.
import { join } from 'node:path'
import { z } from 'zod'
import { tlsFolder } from '../../config/paths.js'
import { isKeyName, isTenant } from '../../config/sections/ingest.js'
import { fail, LogctlError, messageOf } from '../../errors.js'
import { readStamped, stampOfFile } from '../stamped-file.js'
import { writeSecretFile } from './tls-folder.js'

/** Far more certificates than this fit; a larger file is damaged. */
const MAX_BYTES = 8 * 2 ** 20

const time = z.iso.datetime()

const storedClient = z.object({
  name: z.string().refine(isKeyName),
  /** SHA-256 of the certificate, in hex with colons. */
  fingerprint: z.string().regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
  tenant: z.string().refine(isTenant).optional(),
  created: time,
  expires: time,
  revoked: time.optional(),
})

const clientFile = z.object({ format: z.literal(1), clients: z.array(storedClient) })

export type StoredClient = Readonly<z.output<typeof storedClient>>

export interface ClientFile {
  readonly clients: readonly StoredClient[]
  /** Two equal stamps mean an unchanged file; undefined means no file. */
  readonly stamp: string | undefined
}

export function clientsFile(dataFolder: string): string {
  return join(tlsFolder(dataFolder), 'clients.json')
}

export function stampOfClients(dataFolder: string): string | undefined {
  return stampOfFile(clientsFile(dataFolder))
}

/** No file means no certificates. Throws DATA_UNREADABLE, DATA_NEWER or DATA_DAMAGED. */
export function readClientFile(dataFolder: string): ClientFile {
  const path = clientsFile(dataFolder)
  try {
    const read = readStamped(path, MAX_BYTES, (bytes) => damaged(path, `it has ${bytes} bytes`))
    return read ? { clients: parse(path, read.text), stamp: read.stamp } : { clients: [], stamp: undefined }
  } catch (error) {
    if (error instanceof LogctlError) throw error
    return fail('DATA_UNREADABLE', `${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

function parse(path: string, text: string): readonly StoredClient[] {
  let tree: unknown
  try {
    tree = JSON.parse(text)
  } catch (error) {
    return damaged(path, messageOf(error))
  }
  const format = (tree as { readonly format?: unknown } | null)?.format
  if (typeof format === 'number' && format > 1)
    fail('DATA_NEWER', `${path} has format ${format}, which a newer logctl wrote`, {
      hints: ['upgrade logctl'],
    })
  const result = clientFile.safeParse(tree)
  return result.success
    ? result.data.clients
    : damaged(path, result.error.issues[0]?.message ?? 'not as written')
}

function damaged(path: string, why: string): never {
  return fail('DATA_DAMAGED', `${path} is damaged: ${why}`, {
    hints: ['restore it from a backup', 'or move it away: all certificates of senders are refused then'],
  })
}

/** A reader sees the old certificates or the new. Throws STORE_FAILED when the old ones are still in place. */
export async function writeClientFile(dataFolder: string, clients: readonly StoredClient[]): Promise<void> {
  const text = `${JSON.stringify({ format: 1, clients }, null, 2)}\n`
  await writeSecretFile(dataFolder, clientsFile(dataFolder), text)
}
