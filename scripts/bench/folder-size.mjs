// What a data folder takes on disk, by what its files are for.
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** @typedef {{ sealed: number, parquet: number, words: number, side: number, hot: number, parts: number }} FolderSize */

/** Bytes. `sealed` is all but the hot log, whose sealed segments stay for a while. @param {string} data @returns {Promise<FolderSize>} */
export async function folderSize(data) {
  const size = { sealed: 0, parquet: 0, words: 0, side: 0, hot: 0, parts: 0 }
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    // A file may be replaced while we look.
    const found = await stat(path.join(entry.parentPath, entry.name)).catch(() => undefined)
    const bytes = found?.size ?? 0
    const kind = path.basename(entry.parentPath) === 'hot' ? 'hot' : kindOf(entry.name)
    size[kind] += bytes
    if (kind !== 'hot') size.sealed += bytes
    if (kind === 'parquet') size.parts += 1
  }
  return size
}

/** @param {string} name @returns {'parquet' | 'words' | 'side'} */
function kindOf(name) {
  if (name.endsWith('.parquet')) return 'parquet'
  return name.endsWith('.words') ? 'words' : 'side'
}
