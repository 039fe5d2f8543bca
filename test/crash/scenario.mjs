// What the crash suites write: batches of counted lines, the same in the process that dies and in the one that
// accounts, so that every record found afterwards can be told to be right, doubled, torn or invented.
import { canonicalLabels } from '#logctl/record/labels.js'
import { timestampOfMs } from '#logctl/record/time.js'

/** @typedef {import('#logctl/store/store.js').AppendBatch} AppendBatch */
/** @typedef {import('#logctl/record/time.js').Day} Day */

/** The first is dropped by the scenario. */
export const DAYS = /** @type {const} */ (['2025-01-10', '2025-01-11', '2025-01-12'])
export const DROPPED = /** @type {Day} */ (DAYS[0])

/** Sizes at which a few batches close a segment and a few segments merge. */
export const SIZES = {
  segmentBytes: 8 * 1024,
  segmentAgeMs: 3_600_000,
  segmentIdleMs: 3_600_000,
  maxWaitingSegments: 1_000,
  minFreeBytes: 0,
  lingerMs: 20,
  queryThreads: 1,
}

/** Batches from here on hold no record of the day that is dropped. */
export const LATE = 1_000

const TENANTS = ['shop', 'office']
const LEVELS = /** @type {const} */ (['info', 'warn', 'error'])

/**
 * The batch of that number: 6 to 10 records, of three days but for eight batches in 32, which are of one. Every
 * third has a key, every fourth of those of three days has fields that get no column of their own, and the type
 * of one field changes from batch to batch.
 * @param {string} run @param {number} number @returns {AppendBatch}
 */
export function batchOf(run, number) {
  const count = 6 + (number % 5)
  const records = Array.from({ length: count }, (_, line) => recordOf(run, { number, line, count }))
  return number % 3 === 0 ? { records, idempotencyKey: keyOf(run, number) } : { records }
}

/** @param {string} run @param {number} number */
export function keyOf(run, number) {
  return `${run}-${number}`
}

/** @param {string} run @param {{number: number, line: number, count: number}} place */
function recordOf(run, { number, line, count }) {
  const oneDay = number % 32 >= 24
  const day = DAYS[oneDay ? 1 : number >= LATE ? 1 + ((number + line) % 2) : (number + line) % 3]
  const ms = Date.parse(`${day}T00:00:00Z`) + ((number * 7_919 + line * 104_729) % 86_400) * 1_000
  const tenant = /** @type {string} */ (TENANTS[number % 2])
  /** @type {Record<string, string | number | boolean>} */
  const fields = { n: number, k: line, mixed: [number, `text ${number}`, true][number % 3] ?? 0 }
  if (number % 4 === 1)
    Object.assign(fields, { Odd: line, odd: `lower ${line}`, _own: 'kept', '"q"': number })
  return {
    timestamp: timestampOfMs(ms, number % 5 === 0 ? line : 0),
    tenant,
    labels: canonicalLabels({ app: `app${number % 3}`, stream: line % 4 === 0 ? 'stderr' : 'stdout' }),
    level: /** @type {'info' | 'warn' | 'error'} */ (LEVELS[line % 3]),
    line: `run=${run} batch=${number} line=${line} of=${count} ${'filling words '.repeat(1 + (line % 7))}`,
    fields,
  }
}

/** @param {string} line What a line says of itself. */
export function placeOf(line) {
  const match = /^run=(\S+) batch=(\d+) line=(\d+) of=(\d+) /.exec(line)
  if (!match) throw new Error(`no line of ours: ${line}`)
  return { run: /** @type {string} */ (match[1]), number: Number(match[2]), line: Number(match[3]) }
}
