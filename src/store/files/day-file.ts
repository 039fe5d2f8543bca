// Which files of a folder are logs of a day, told by name alone: `2025-01-11.log`, with `.1` and the like behind it
// where it was rotated, and `.gz` or `.zst` where it was compressed. `errors-2025-01-11.log` repeats what stands in
// the day and is a series of its own. Whatever is named otherwise, or is no regular file, is never touched. Symbolic
// links are not followed: who may write into the folder must not choose what its readers open.
import { type Stats, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf, fail, messageOf } from '../../errors.js'
import { type Day, isDay } from '../../record/time.js'

export interface DayFile {
  readonly name: string
  readonly path: string
  readonly day: Day
  /** True for the series of errors. */
  readonly errors: boolean
  /** The number behind the name; 0 where it was not rotated. */
  readonly rotation: number
  /** The name says that it is compressed; its first bytes may say otherwise. */
  readonly packed: boolean
  readonly size: number
  readonly mtimeMs: number
  /** Names the file whatever it is called. */
  readonly inode: string
}

export interface DayFolder {
  /** In the order of their names. */
  readonly files: readonly DayFile[]
  /** What is named like a day and is neither file nor folder. */
  readonly odd: readonly Pick<DayFile, 'name' | 'day' | 'errors'>[]
}

const NAME = /^(errors-)?(\d{4}-\d\d-\d\d)(?:\.log)?(?:\.(\d{1,4}))?(\.gz|\.zst)?$/

/** What a name says; undefined where it is not that of a day between 1970 and 2261. */
export function readName(
  name: string,
): Pick<DayFile, 'name' | 'day' | 'errors' | 'rotation' | 'packed'> | undefined {
  const [, errors, day = '', rotation = '0', packed] = NAME.exec(name) ?? []
  if (!isDay(day) || day < '1970' || day >= '2262') return undefined
  return {
    name,
    day,
    errors: errors !== undefined,
    rotation: Number(rotation),
    packed: packed !== undefined,
  }
}

/**
 * Looks at names and sizes, opens nothing. Read at once rather than file by file, because a folder changes: the
 * moments between are what a rotation could hide in. Throws DATA_UNREADABLE.
 */
export function listFolder(folder: string): DayFolder {
  const files: DayFile[] = []
  const odd: DayFolder['odd'][number][] = []
  for (const name of namesIn(folder).sort()) {
    const said = readName(name)
    const path = join(folder, name)
    const found = said && statOf(path)
    if (!said || !found || found.isDirectory()) continue
    if (!found.isFile()) odd.push(said)
    else files.push({ ...said, path, size: found.size, mtimeMs: found.mtimeMs, inode: inodeOf(found) })
  }
  return { files, odd }
}

export function inodeOf({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    const why = errnoOf(error) === 'ENOENT' ? 'does not exist' : `cannot be read: ${messageOf(error)}`
    return fail('DATA_UNREADABLE', `the folder ${folder} ${why}`, {
      hints: ['--dir names a folder of files such as 2025-01-11.log'],
      cause: error,
    })
  }
}

/** Undefined when it has gone since it was listed. */
function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}
