// Batches of counted lines: made from their number alone, so that whoever accounts for them knows every byte.

/** Lines of one day so old that a prune takes it. */
const OLD_DAYS = 60
const RECENT_DAYS = 6
const DAY_MS = 86_400_000

/**
 * @typedef {object} Batch
 * @property {number} number
 * @property {boolean} old Its lines are of a day that a prune takes.
 * @property {string} [key] With which it may be sent again.
 * @property {readonly string[]} lines What is stored as the line.
 * @property {string} body NDJSON.
 */

/** The batch of that number; `today` is the beginning of the UTC day of the run. @param {number} number @param {number} today @returns {Batch} */
export function batchOf(number, today) {
  const old = number % 4 === 3
  const count = 5 + (number % 30)
  const day = today - (old ? OLD_DAYS : RECENT_DAYS) * DAY_MS
  const events = Array.from({ length: count }, (_, line) => eventOf({ number, line, count, day }))
  return {
    number,
    old,
    ...(number % 2 === 0 && { key: `batch-${number}` }),
    lines: events.map(({ message }) => message),
    body: events.map((event) => JSON.stringify(event)).join('\n'),
  }
}

/** @param {{ number: number, line: number, count: number, day: number }} place */
function eventOf({ number, line, count, day }) {
  // Some batches lie on two days.
  const ms = day + ((number * 7919 + line * 10_007_003) % (number % 7 === 0 ? 1.5 * DAY_MS : DAY_MS))
  return {
    timestamp: new Date(ms).toISOString(),
    message: `batch=${number} line=${line} of=${count} ${'some words that fill the line '.repeat(line % 5)}`,
    source: `app-${number % 5}`,
    tenant: ['shop', 'office', 'warehouse'][number % 3],
    level: ['info', 'warn', 'error'][line % 3],
    n: number,
    mixed: [number, `text ${number}`, true][number % 3],
  }
}

/** The number of the batch that a stored line says it is of, and its place there. @param {string} line */
export function placeOf(line) {
  const match = /^batch=(\d+) line=(\d+) of=\d+ /.exec(line)
  if (!match) throw new Error(`invented: ${line}`)
  return { number: Number(match[1]), line: Number(match[2]) }
}
