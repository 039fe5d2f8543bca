// Damage to a copy of the folder that a kill has left: whatever a disk does to it, what is read is never invented,
// torn or doubled, and where a sealed file is harmed the answer says that it is not whole.
import { cp, open, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { placeOf } from './batches.mjs'
import { logctl } from './server.mjs'

/** @typedef {{ file: string, what: string }} Harm */

/** @type {Record<string, (file: string, random: () => number) => Promise<void>>} */
const HARMS = {
  'a flipped bit': async (file, random) => {
    const { size } = await stat(file)
    const handle = await open(file, 'r+')
    const byte = Buffer.alloc(1)
    const at = Math.floor(random() * size)
    await handle.read(byte, 0, 1, at)
    await handle.write(Buffer.from([(byte[0] ?? 0) ^ (1 << Math.floor(random() * 8))]), 0, 1, at)
    await handle.close()
  },
  'cut short': async (file, random) => truncate(file, Math.floor(random() * (await stat(file)).size)),
  'a tail of zeros': async (file) => truncate(file, (await stat(file)).size + 4096),
  'a file gone': (file) => rm(file),
  'a half-written file beside it': (file) =>
    writeFile(path.join(path.dirname(file), `.${path.basename(file)}.tmp`), 'half'),
}

/**
 * Harms one file of a copy, reads the copy twice (as it is, and after the store has recovered it), and throws when
 * a reader was deceived.
 * @param {{ data: string, copy: string, home: string, random: () => number, lines: ReadonlySet<string>, sound: number }} order
 * `lines` are all that may be there, `sound` how many are there without harm.
 * @returns {Promise<Harm>}
 */
export async function harmCopy({ data, copy, home, random, lines, sound }) {
  await cp(data, copy, { recursive: true, filter: (file) => !file.endsWith('.sock') })
  const files = (await readdir(copy, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /^(?:hot|date=.*|)$/.test(path.relative(copy, entry.parentPath)))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => /\.(?:ndjson|parquet|json|json\.gz|words)$/.test(file) && !file.endsWith('server.json'))
  const file = files[Math.floor(random() * files.length)] ?? ''
  const names = Object.keys(HARMS)
  const what = names[Math.floor(random() * names.length)] ?? ''
  const harm = { file: path.relative(copy, file), what }
  await HARMS[what]?.(file, random)
  const read = await logctl(['grep', '', '--json', '--data', copy], { home })
  judge(read, { harm, lines, sound })
  await rm(copy, { recursive: true })
  return harm
}

/**
 * @param {{ status: number | null, stdout: string, stderr: string }} answer
 * @param {{ harm: Harm, lines: ReadonlySet<string>, sound: number }} expected
 */
function judge({ status, stdout, stderr }, { harm, lines, sound }) {
  const where = `${harm.what} in ${harm.file}`
  if (status === null || status > 4) throw new Error(`${where}: grep ended with ${status}\n${stderr}`)
  const found = stdout.split('\n').filter((line) => line.startsWith('{"timestamp"'))
  const seen = new Set()
  for (const text of found) {
    const { line } = JSON.parse(text)
    if (!lines.has(line)) throw new Error(`${where}: invented ${line}`)
    const { number, line: place } = placeOf(line)
    if (seen.has(`${number} ${place}`)) throw new Error(`${where}: doubled ${line}`)
    seen.add(`${number} ${place}`)
  }
  // The end of the hot log is cut off where a crash tore it: nobody can tell that from harm.
  const isHot = harm.file.startsWith('hot/')
  if (found.length < sound && !isHot && status < 3)
    throw new Error(`${where}: ${sound - found.length} lines are missing and nothing was said`)
}
