// Operations between two values of one step: numbers with numbers, with series, and series with series.
import { fail } from '../errors.js'
import type { BinaryOperation, Matching } from './ast.js'
import type { Operator, SetOp } from './arithmetic.js'
import { calculate, isComparison, isSetOp } from './arithmetic.js'
import type { Sample, SampleLabels } from './sample.js'
import { chooser, withLabels } from './sample.js'

/** A number, or one sample of each series. */
export type Value = number | readonly Sample[]

export function binaryOperation(node: BinaryOperation): (left: Value, right: Value) => Value {
  const { op, bool } = node
  const matching = node.matching ?? EVERY_LABEL
  const match = chooser({ without: !matching.on, names: matching.names })
  if (isSetOp(op)) return setOperation(op, match)
  const keepsValue = isComparison(op) && !bool
  const joined = joining(op, matching, { match, keepsValue })
  return (left, right) => {
    if (typeof left === 'number')
      return typeof right === 'number'
        ? calculate(op, left, right)
        : withNumber(right, keepsValue, (value) => calculate(op, left, value))
    return typeof right === 'number'
      ? withNumber(left, keepsValue, (value) => calculate(op, value, right))
      : joined(left, right)
  }
}

const EVERY_LABEL: Matching = { on: false, names: [], group: undefined, include: [] }

type Match = (of: SampleLabels) => SampleLabels

function setOperation(op: SetOp, match: Match): (left: Value, right: Value) => Value {
  return (left, right) => {
    if (typeof left === 'number' || typeof right === 'number')
      return fail('QUERY_INVALID', `set operator "${op}" not allowed in binary scalar expression`)
    const known = new Set((op === 'or' ? left : right).map(({ of }) => match(of).key))
    if (op === 'or') return [...left, ...right.filter(({ of }) => !known.has(match(of).key))]
    return left.filter(({ of }) => known.has(match(of).key) === (op === 'and'))
  }
}

/** A comparison without `bool` keeps the samples for which it is true, with the values they have. */
function withNumber(
  samples: readonly Sample[],
  keepsValue: boolean,
  result: (value: number) => number,
): readonly Sample[] {
  if (keepsValue) return samples.filter(({ value }) => result(value) === 1)
  return samples.map(({ of, value }) => ({ of, value: result(value) }))
}

interface Joining {
  readonly match: Match
  readonly keepsValue: boolean
}

function joining(
  op: Operator,
  matching: Matching,
  { match, keepsValue }: Joining,
): (left: readonly Sample[], right: readonly Sample[]) => readonly Sample[] {
  const swapped = matching.group === 'right'
  return (left, right) => {
    const ones = oneSide(swapped ? left : right, match, swapped ? 'left' : 'right')
    const unique = uniqueness(matching)
    const results: Sample[] = []
    for (const many of swapped ? right : left) {
      const key = match(many.of).key
      const one = ones.get(key)
      if (one === undefined) continue
      const of = resultLabels(many.of, one.of, matching, match)
      unique(key, of)
      const [a, b] = swapped ? [one.value, many.value] : [many.value, one.value]
      const value = calculate(op, a, b)
      if (!keepsValue) results.push({ of, value })
      else if (value === 1) results.push({ of, value: a })
    }
    return results
  }
}

function oneSide(samples: readonly Sample[], match: Match, side: 'left' | 'right'): Map<string, Sample> {
  const ones = new Map<string, Sample>()
  for (const sample of samples) {
    const { key } = match(sample.of)
    if (ones.has(key))
      fail(
        'QUERY_INVALID',
        `found duplicate series on the ${side} hand-side;many-to-many matching not allowed: ` +
          'matching labels must be unique on one side',
      )
    ones.set(key, sample)
  }
  return ones
}

/** Throws where two of the "many" meet the same one without saying which labels tell them apart. */
function uniqueness({ group }: Matching): (key: string, result: SampleLabels) => void {
  const seen = new Set<string>()
  return (key, result) => {
    const met = group === undefined ? key : `${key}\n${result.key}`
    if (seen.has(met))
      fail(
        'QUERY_INVALID',
        group === undefined
          ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
          : 'multiple matches for labels: grouping labels must ensure unique matches',
      )
    seen.add(met)
  }
}

function resultLabels(
  many: SampleLabels,
  one: SampleLabels,
  { group, include }: Matching,
  match: Match,
): SampleLabels {
  const of = group === undefined ? match(many) : many
  if (include.length === 0) return of
  return withLabels(
    of.labels,
    Object.fromEntries(
      include.map((name) => [name, Object.hasOwn(one.labels, name) ? (one.labels[name] ?? '') : '']),
    ),
  )
}
