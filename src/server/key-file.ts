// DATA/keys.json: the keys that `logctl key` makes, as hashes. A key is 256 random bits, so one SHA-256 is
// enough to keep it; nobody can read a key back.
import { z } from 'zod'
import { keysFile } from '../config/paths.js'
import { SCOPES, isKeyName, isTenant } from '../config/sections/ingest.js'
import { LogctlError, fail, messageOf } from '../errors.js'
import { writeOwnedFile } from './owned-file.js'
import { type FileStamp, readStamped, stampOfFile } from './stamped-file.js'

export type { FileStamp } from './stamped-file.js'

/** Far more keys than this fit; a larger file is damaged. */
const MAX_BYTES = 8 * 2 ** 20

/** The group may read it, as all of the data folder. */
const FILE_MODE = 0o640

const time = z.iso.datetime()

const storedKey = z.object({
  /** Never changes, unlike the name's text. */
  id: z.string().min(1).max(64),
  name: z.string().refine(isKeyName),
  /** SHA-256 of the key's text, in hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** How the key begins, so that people can tell which one they hold. */
  prefix: z.string().max(16),
  tenant: z.string().refine(isTenant).optional(),
  scopes: z.array(z.enum(SCOPES)).min(1),
  created: time,
  /** From then on it is unknown. */
  expires: time.optional(),
  revoked: time.optional(),
})

const keyFile = z.object({ format: z.literal(1), keys: z.array(storedKey) })

export type StoredKey = Readonly<z.output<typeof storedKey>>

export interface KeyFile {
  readonly keys: readonly StoredKey[]
  readonly stamp: FileStamp
}

export function stampOf(dataFolder: string): FileStamp {
  return stampOfFile(keysFile(dataFolder))
}

/** No file means no keys. Throws DATA_UNREADABLE, or CONFIG_INVALID when the file is damaged. */
export function readKeyFile(dataFolder: string): KeyFile {
  const path = keysFile(dataFolder)
  try {
    const read = readStamped(path, MAX_BYTES, (bytes) => damaged(path, `it has ${bytes} bytes`))
    return read ? { keys: parse(path, read.text), stamp: read.stamp } : { keys: [], stamp: undefined }
  } catch (error) {
    if (error instanceof LogctlError) throw error
    return fail('DATA_UNREADABLE', `the keys in ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function parse(path: string, text: string): readonly StoredKey[] {
  let tree: unknown
  try {
    tree = JSON.parse(text)
  } catch (error) {
    return damaged(path, messageOf(error))
  }
  const format = (tree as { readonly format?: unknown } | null)?.format
  if (typeof format === 'number' && format > 1) {
    return fail('DATA_NEWER', `${path} has format ${format}, which a newer logctl wrote`, {
      hints: ['upgrade logctl'],
    })
  }
  const result = keyFile.safeParse(tree)
  if (result.success) return result.data.keys
  const [issue] = result.error.issues
  return damaged(
    path,
    `${issue?.path.map(String).join('.') || 'the file'}: ${issue?.message ?? 'not as written'}`,
  )
}

function damaged(path: string, why: string): never {
  return fail('CONFIG_INVALID', `the keys in ${path} are damaged: ${why}`, {
    hints: ['restore the file from a backup', 'or move it away and make new keys with `logctl key create`'],
  })
}

/**
 * A reader sees the old keys or the new, also after a crash. Throws STORE_FAILED when the old ones are still in place.
 */
export async function writeKeyFile(dataFolder: string, keys: readonly StoredKey[]): Promise<void> {
  const text = `${JSON.stringify({ format: 1, keys }, null, 2)}\n`
  await writeOwnedFile({ path: keysFile(dataFolder), text, mode: FILE_MODE, like: dataFolder })
}
