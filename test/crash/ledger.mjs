// The account of a crash: what was acknowledged, against what is found afterwards. Plain JavaScript, because
// scripts/crash.mjs runs it without a test runner.
import assert from 'node:assert/strict'
import { recordToJson, withSortedFields } from '#logctl/record/record.js'
import { dayOf } from '#logctl/record/time.js'
import { DROPPED, batchOf, placeOf } from './scenario.mjs'

/** @typedef {import('#logctl/record/record.js').StoredRecord} StoredRecord */
/** @typedef {import('#logctl/record/scanner.js').Scanner} Scanner */

/**
 * What must, may and must not be found.
 * @typedef {object} Ledger
 * @property {string} run
 * @property {ReadonlySet<number>} acknowledged
 * @property {'not begun' | 'begun' | 'done'} drop Once begun, the day is wholly there or wholly gone.
 * @property {ReadonlySet<string>} [lost] Texts of lines that were damaged on purpose.
 */

/**
 * Every record, forward and backward, which must agree; what keeps an answer from being whole goes to `warn`.
 * @param {Scanner} scanner @param {(message: string) => void} [warn] @returns {Promise<StoredRecord[]>}
 */
export async function scanAll(scanner, warn) {
  const forward = await collect(scanner.scan({ direction: 'forward', where: [] }, { warn }))
  const backward = await collect(scanner.scan({ direction: 'backward', where: [] }, { warn }))
  assert.deepEqual(
    backward.map(({ sequence }) => sequence),
    forward.map(({ sequence }) => sequence).toReversed(),
    'backward is not the reverse of forward',
  )
  return forward
}

/**
 * What a follower from the beginning sees until it has seen the newest record.
 * @param {Scanner} scanner @returns {Promise<StoredRecord[]>}
 */
export async function followAll(scanner) {
  const newest = await scanner.newestSequence()
  /** @type {StoredRecord[]} */
  const records = []
  if (newest === 0) return records
  const ended = new AbortController()
  for await (const piece of scanner.follow({ sequenceAbove: 0, where: [] }, { signal: ended.signal })) {
    records.push(...piece)
    if ((piece.at(-1)?.sequence ?? 0) >= newest) ended.abort()
  }
  return records
}

/** @param {AsyncIterable<readonly StoredRecord[]>} pieces @returns {Promise<StoredRecord[]>} */
export async function collect(pieces) {
  const records = []
  for await (const piece of pieces) records.push(...piece)
  return records
}

/**
 * Throws unless the records are exactly what the ledger allows. Returns how many of them were acknowledged.
 * @param {readonly StoredRecord[]} records @param {Ledger} ledger
 */
export function account(records, ledger) {
  /** @type {Map<number, Map<number, StoredRecord>>} */
  const found = new Map()
  const sequences = new Set()
  for (const record of records) {
    const { run, number, line } = placeOf(record.line)
    assert.equal(run, ledger.run)
    const batch = found.get(number) ?? new Map()
    found.set(number, batch)
    assert(!batch.has(line), `stored twice: ${record.line}`)
    assert(!sequences.has(record.sequence), `sequence ${record.sequence} given twice`)
    batch.set(line, record)
    sequences.add(record.sequence)
  }
  const dropped = isDropped(records, ledger)
  for (const number of new Set([...ledger.acknowledged, ...found.keys()]))
    compareBatch(number, found.get(number), { ledger, dropped })
  return records.filter(({ line }) => ledger.acknowledged.has(placeOf(line).number)).length
}

/** @param {readonly StoredRecord[]} records @param {Ledger} ledger */
function isDropped(records, { drop }) {
  const there = records.some(({ timestamp }) => dayOf(timestamp) === DROPPED)
  assert(drop !== 'done' || !there, 'the dropped day came back')
  return drop !== 'not begun' && !there
}

/**
 * A batch is there whole, but for what was dropped or damaged.
 * @param {number} number @param {ReadonlyMap<number, StoredRecord> | undefined} batch
 * @param {{ledger: Ledger, dropped: boolean}} allowed
 */
function compareBatch(number, batch, { ledger, dropped }) {
  const wanted = batchOf(ledger.run, number).records.filter(
    ({ timestamp, line }) => !(dropped && dayOf(timestamp) === DROPPED) && !ledger.lost?.has(line),
  )
  const stored = [...(batch?.values() ?? [])].sort((a, b) => a.sequence - b.sequence)
  assert.deepEqual(
    stored.map(recordToJson),
    wanted.map((record) => recordToJson(withSortedFields(record))),
    `batch ${number} is not what was written: ${stored.length} of ${wanted.length} records`,
  )
}

/**
 * The totals of every day are what scanning it finds.
 * @param {Scanner} scanner @param {readonly StoredRecord[]} records
 */
export async function compareStats(scanner, records) {
  /** @type {Map<string, number>} */
  const counted = new Map()
  for (const { timestamp } of records) counted.set(dayOf(timestamp), (counted.get(dayOf(timestamp)) ?? 0) + 1)
  const days = await scanner.days()
  assert.deepEqual([...days], [...counted.keys()].sort())
  for (const day of days) assert.equal((await scanner.stats({ day }))?.total, counted.get(day), day)
}
