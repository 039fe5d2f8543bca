// Reads out of the scanner's memory what it has counted of a batch.
import { LEVELS, type Level } from '../../record/level.js'
import { type Timestamp, timestampOfNs } from '../../record/time.js'
import { PIECE_NUMBERS } from './character-kinds.js'
import type { Printed, PrintedCount, PrintedDay, PrintedField } from './print-target.js'
import type { Scanner } from './scanner.js'

// As in `kernel/tally.ts`.
const DAY_BYTES = 64
const COUNT_WORDS = 4
const HOURS = 24
const PIECE_WORDS = Math.ceil(PIECE_NUMBERS ** 3 / 32)
const MOST_SHAPES = 256
const UNITS = ['ms', 'us', 'ns'] as const

export function readTally(scanner: Scanner): Pick<Printed, 'days' | 'longestLine' | 'shapes'> {
  const { variables } = scanner.kernel
  const counts = readCounts(scanner)
  const fields = readFields(scanner)
  const days: PrintedDay[] = []
  for (let place = 0; place < variables.dayCount.value; place++) {
    const day = readDay(scanner, place, counts[place] ?? [], fields[place] ?? [])
    if (day.records > 0) days.push(day)
  }
  return { days, longestLine: variables.longestPrinted.value, shapes: readShapes(scanner) }
}

function readDay(
  scanner: Scanner,
  place: number,
  counts: readonly PrintedCount[],
  fields: readonly PrintedField[],
): PrintedDay {
  const { words32, words64, bytes, places } = scanner.kernel
  const at = places.DAYS + place * DAY_BYTES
  const pieces = (places.PIECE_BITS + place * places.PIECE_BITS_BYTES) / 4
  const moment = (offset: number): Timestamp =>
    timestampOfNs(words64[(at + offset) / 8] as bigint) as Timestamp
  return {
    day: scanner.dayName(place),
    records: words32[at / 4 + 1] as number,
    bytes: words32[at / 4 + 2] as number,
    printedBytes: words32[at / 4 + 3] as number,
    from: moment(16),
    to: moment(24),
    unit: UNITS[bytes[at + 32] as number] ?? 'ns',
    counts,
    fields,
    pieces: words32.slice(pieces, pieces + PIECE_WORDS),
  }
}

/** By the day's place. */
function readCounts({ kernel }: Scanner): PrintedCount[][] {
  const { words32, places, variables } = kernel
  const found: PrintedCount[][] = []
  for (let i = 0; i < variables.countCount.value; i++) {
    const at = places.COUNTS / 4 + (words32[places.COUNT_LIST / 4 + i] as number) * COUNT_WORDS
    const key = (words32[at] as number) - 1
    const rest = Math.floor(key / places.MAX_DAYS)
    const streamLevel = Math.floor(rest / HOURS)
    const count = {
      stream: Math.floor(streamLevel / LEVELS.length),
      level: LEVELS[streamLevel % LEVELS.length] as Level,
      hour: rest % HOURS,
      records: words32[at + 1] as number,
      bytes: words32[at + 2] as number,
      atStart: words32[at + 3] as number,
    }
    ;(found[key % places.MAX_DAYS] ??= []).push(count)
  }
  return found
}

function readFields(scanner: Scanner): PrintedField[][] {
  const { words32, bytes, places, variables } = scanner.kernel
  const found: PrintedField[][] = []
  for (let i = 0; i < variables.touchedCount.value; i++) {
    const column = words32[places.TOUCHED / 4 + i] as number
    const field = {
      name: scanner.keyName(column % places.MAX_KEYS),
      records: words32[places.COLUMN_RECORDS / 4 + column] as number,
      types: bytes[places.COLUMN_TYPES + column] as number,
      kinds: bytes[places.COLUMN_KINDS + column] as number,
    }
    ;(found[Math.floor(column / places.MAX_KEYS)] ??= []).push(field)
  }
  return found
}

function readShapes({ kernel: { bytes, places } }: Scanner): number[] {
  const used: number[] = []
  for (let shape = 0; shape < MOST_SHAPES; shape++)
    if (bytes[places.SHAPES_USED + shape] !== 0) used.push(shape)
  return used
}
