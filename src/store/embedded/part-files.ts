// Puts the three files of a part on disk for good, under names that nothing else uses.
import { chmod, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Day } from '../../record/time.js'
import { type Steps, makeFolder, syncFile, syncFolder, writeNew } from './durable.js'
import { FILE_MODE, dayFolder, partName, sideName, wordsName, workFolder } from './filenames.js'
import type { CheckedFile, PartSide } from './part.js'
import { printSide } from './side-file.js'

/** Who makes the part: names the durable steps. */
export type Maker = 'seal' | 'merge'

export interface PartFiles {
  readonly parquet: CheckedFile
  readonly side: CheckedFile
  readonly words: CheckedFile
}

/** Where DuckDB writes the Parquet file of a part before `placePart` moves it. */
export const workFile = (data: string, id: number): string => join(workFolder(data), `part-${id}.parquet`)

/**
 * Syncs the Parquet file that was written to `workFile`, writes the other two beside it, and moves all three
 * into the day's folder. They are on disk when it resolves, but not live before the manifest names them.
 */
export async function placePart(
  context: { readonly data: string; readonly steps: Steps; readonly maker: Maker },
  part: { readonly day: Day; readonly id: number; readonly side: PartSide; readonly words: Buffer },
): Promise<PartFiles> {
  const { data, steps, maker } = context
  const work = workFile(data, part.id)
  const beside = [`${work}.json`, `${work}.words`] as const
  await chmod(work, FILE_MODE)
  await steps.take(`${maker}.sync`, async () => {
    await writeNew(beside[0], await printSide(part.side))
    await writeNew(beside[1], part.words)
    for (const file of [work, ...beside]) await syncFile(file)
  })
  const names = [partName, sideName, wordsName].map((name) => name(part.day, part.id))
  const [parquet, side, words] = await Promise.all(
    [work, ...beside].map((file, i) => checkedFile(file, names[i] as string)),
  )
  await makeFolder(dayFolder(data, part.day))
  await steps.take(`${maker}.rename`, async () => {
    for (const [i, file] of [work, ...beside].entries()) await rename(file, join(data, names[i] as string))
  })
  await steps.take(`${maker}.folder`, async () => {
    await syncFolder(dayFolder(data, part.day))
    await syncFolder(dirname(dayFolder(data, part.day)))
  })
  return { parquet: parquet as CheckedFile, side: side as CheckedFile, words: words as CheckedFile }
}

async function checkedFile(path: string, name: string): Promise<CheckedFile> {
  const { size } = await stat(path)
  return { file: name, bytes: size, crc32: crc32(await readFile(path)) }
}

/** The file's content, or undefined when it is not as the manifest says. */
export async function readIntact(data: string, file: CheckedFile): Promise<Buffer | undefined> {
  const content = await readFile(join(data, file.file))
  return content.length === file.bytes && crc32(content) === file.crc32 ? content : undefined
}
