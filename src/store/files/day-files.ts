// The files that a day is read from, in the order in which they were written, each with its place in the order of
// arrival. Where the same lines lie there twice, plain and compressed, only one form counts.
import { fail } from '../../errors.js'
import type { Day } from '../../record/time.js'
import type { DayFile, DayFolder } from './day-file.js'

/** A file that counts. */
export interface CountedFile extends DayFile {
  /** The sequence of its line n is this plus n. */
  readonly base: number
}

export interface FileDay {
  readonly day: Day
  readonly files: readonly CountedFile[]
  /** What keeps an answer from the day from being whole. */
  readonly warnings: readonly string[]
}

/**
 * A sequence names a line by its place: day, file of the day, line of the file. It stays the same when a file is
 * rotated or compressed, for the oldest file of a day comes first. 17 bits hold the days since 1970 until 2328.
 */
const FILE_BITS = 6
const LINE_BITS = 30
const MOST_FILES = 2 ** FILE_BITS
export const MOST_LINES = 2 ** LINE_BITS
const MS_PER_DAY = 86_400_000

export function baseOf(day: Day, place: number): number {
  if (place >= MOST_FILES)
    fail('QUERY_LIMIT', `${day} has more than ${MOST_FILES} files`, {
      hints: ['join the rotated files of the day: cat 2025-01-11.log.3 2025-01-11.log.2 … > 2025-01-11.log'],
    })
  return ((Date.parse(day) / MS_PER_DAY) * MOST_FILES + place) * MOST_LINES
}

/** The days that have files, in order, without the series of errors. */
export function daysIn({ files, odd }: DayFolder): FileDay[] {
  const own = files.filter(({ errors }) => !errors)
  const strange = odd.filter(({ errors }) => !errors)
  const days = new Set([...own, ...strange].map(({ day }) => day))
  return [...days].sort().map((day) => {
    const { counted, warnings } = counting(own.filter((file) => file.day === day))
    const unread = strange.filter((file) => file.day === day).map(({ name }) => `${name} is no regular file`)
    return {
      day,
      files: placed(counted),
      warnings: [...warnings, ...unread.map((what) => `${what} and is passed over`)],
    }
  })
}

function placed(files: readonly DayFile[]): CountedFile[] {
  const all: CountedFile[] = []
  for (const [place, file] of files.entries()) all.push({ ...file, base: baseOf(file.day, place) })
  return all
}

/** Of each number of rotation one form: the plain file where it holds anything, else the first compressed one. */
function counting(files: readonly DayFile[]): { counted: DayFile[]; warnings: string[] } {
  const counted: DayFile[] = []
  const warnings: string[] = []
  const rotations = [...new Set(files.map(({ rotation }) => rotation))].sort((a, b) => b - a)
  for (const number of rotations) {
    const forms = files.filter(({ rotation, size }) => rotation === number && size > 0)
    const plain = forms.filter(({ packed }) => !packed)
    const chosen = plain.length > 0 ? plain : forms.slice(0, 1)
    counted.push(...chosen)
    for (const { name } of forms.filter((form) => !chosen.includes(form)))
      warnings.push(`${name} is passed over, because ${chosen[0]?.name} lies beside it`)
  }
  return { counted, warnings }
}
