// The side file of a part on disk: gzip'ed JSON, about a tenth of the plain text, with its own checksum inside.
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { parseChecked, printChecked } from './checked-json.js'
import type { PartSide } from './part.js'

/** More than the streams and counts of any part take. Bytes. */
const MAX_BYTES = 1 << 30

export function printSide(side: PartSide): Promise<Buffer> {
  return promisify(gzip)(printChecked(side))
}

/** Undefined when the file is damaged; ENOENT passes through. */
export async function readSideFile(path: string): Promise<PartSide | undefined> {
  const content = await readFile(path)
  try {
    return parseChecked(await promisify(gunzip)(content, { maxOutputLength: MAX_BYTES })) as
      PartSide | undefined
  } catch {
    return undefined
  }
}
