// The account of what was sent: which batches must be there, which may be, and which must not.
import { batchOf, placeOf } from './batches.mjs'

/**
 * `there`: acknowledged. `unknown`: the answer was lost, so it is there whole or not at all. `refused`: it was said
 * that it is not stored. `gone`: pruned.
 * @typedef {'there' | 'unknown' | 'refused' | 'gone'} State
 */

/** @param {number} today */
export function newLedger(today) {
  /** @type {Map<number, State>} */
  const states = new Map()
  /** Old batches that a prune ran beside, or that a prune was killed over: they may have gone. @type {Set<number>} */
  const mayBeGone = new Set()
  let next = 0
  let refusals = 0

  /** @param {number} number */
  const batch = (number) => batchOf(number, today)

  /** A batch that was not sent before. */
  function take() {
    const taken = batch(next++)
    states.set(taken.number, 'unknown')
    return taken
  }

  /** What must be sent again: it has a key, and nobody knows that it is stored. */
  function unsettled() {
    return [...states]
      .filter(([, state]) => state === 'unknown' || state === 'refused')
      .map(([number]) => batch(number))
      .filter(({ key }) => key !== undefined)
  }

  /** A prune begins: what is there now goes, what comes while it runs may. */
  function pruning() {
    const there = oldOnes('there')
    // The day may go before the answer about a batch of it comes.
    const onTheWay = oldOnes('unknown')
    for (const number of [...there, ...onTheWay]) mayBeGone.add(number)
    return (/** @type {boolean} */ done) => {
      if (done) for (const number of there) settle(number, 'gone')
      else for (const number of oldOnes('there')) mayBeGone.add(number)
      for (const number of oldOnes('there')) if (!there.includes(number)) mayBeGone.add(number)
      for (const number of oldOnes('unknown')) mayBeGone.add(number)
    }
  }

  /** @param {State} state */
  function oldOnes(state) {
    return [...states].filter(([number, one]) => one === state && batch(number).old).map(([number]) => number)
  }

  /** @param {number} number @param {State} state */
  function settle(number, state) {
    states.set(number, state)
    if (state === 'gone') mayBeGone.delete(number)
  }

  /** @param {number} number */
  function refuse(number) {
    refusals++
    states.set(number, 'refused')
  }

  return {
    take,
    refuse,
    refusals: () => refusals,
    unsettled,
    pruning,
    settle,
    stateOf: (/** @type {number} */ number) => states.get(number),
    /** @param {readonly string[]} lines Everything that is stored. */
    account: (lines) => account(lines, { states, mayBeGone, batch, settle }),
  }
}

/**
 * Throws at the first line that is lost, doubled, torn or invented; returns how many lines were acknowledged. What
 * was found settles what was unknown.
 * @param {readonly string[]} lines
 * @param {{ states: Map<number, State>, mayBeGone: Set<number>, batch: (number: number) => import('./batches.mjs').Batch, settle: (number: number, state: State) => void }} ledger
 */
function account(lines, { states, mayBeGone, batch, settle }) {
  const found = group(lines)
  for (const number of found.keys()) if (!states.has(number)) throw new Error(`invented: batch ${number}`)
  let acknowledged = 0
  for (const [number, state] of states) {
    const wanted = batch(number)
    const stored = found.get(number)
    const mayBeAbsent = state === 'unknown' || (wanted.old && mayBeGone.has(number))
    if (!stored) {
      if (state === 'there' && !mayBeAbsent) throw new Error(`lost: batch ${number}`)
      if (state === 'there') settle(number, 'gone')
      continue
    }
    if (state === 'refused') throw new Error(`stored although it was refused: batch ${number}`)
    if (state === 'gone') throw new Error(`came back after it was pruned: batch ${number}`)
    // A batch of two days is pruned day by day.
    const whole = wanted.lines.every((line, place) => stored.get(place) === line)
    if (!whole && !(mayBeAbsent && wanted.old)) throw new Error(`torn: batch ${number}`)
    if (whole) settle(number, 'there')
    mayBeGone.delete(number)
    acknowledged += stored.size
  }
  return acknowledged
}

/** @param {readonly string[]} lines By batch, then by place. */
function group(lines) {
  /** @type {Map<number, Map<number, string>>} */
  const found = new Map()
  for (const line of lines) {
    const { number, line: place } = placeOf(line)
    const batch = found.get(number) ?? new Map()
    found.set(number, batch)
    if (batch.has(place)) throw new Error(`doubled: ${line}`)
    batch.set(place, line)
  }
  return found
}
