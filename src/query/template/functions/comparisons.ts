// Logic and comparisons of text/template. Two values compare where their types are of one kind; `200` and `"200"` are
// not.
import { isTime } from '../../go/time.js'
import { TemplateFailure, type Value, isTrue } from '../value.js'
import type { FunctionTable, TemplateFunction } from './function.js'

export const COMPARISON_FUNCTIONS: FunctionTable = {
  // The evaluator itself runs these two, because they may not evaluate all their arguments.
  and: { parameters: ['any'], rest: 'any', run: ([value]) => value },
  or: { parameters: ['any'], rest: 'any', run: ([value]) => value },
  not: { parameters: ['any'], run: ([value]) => !isTrue(value) },
  eq: {
    parameters: ['any'],
    rest: 'any',
    run: ([first, ...others]) => {
      if (others.length === 0) throw new TemplateFailure('missing argument for comparison')
      return others.some((other) => equal(first, other))
    },
  },
  ne: { parameters: ['any', 'any'], run: ([a, b]) => !equal(a, b) },
  lt: ordered((order) => order < 0),
  le: ordered((order) => order <= 0),
  gt: ordered((order) => order > 0),
  ge: ordered((order) => order >= 0),
}

function ordered(holds: (order: number) => boolean): TemplateFunction {
  return { parameters: ['any', 'any'], run: ([a, b]) => holds(compare(a, b)) }
}

function equal(a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return a === b
  if (isTime(a) && isTime(b)) return a.ns === b.ns
  comparable(a, b)
  return a === b
}

function compare(a: Value, b: Value): number {
  comparable(a, b)
  if (typeof a === 'boolean' || a === undefined) throw new TemplateFailure('invalid type for comparison')
  if (a === b) return 0
  return typeof b !== 'undefined' && a < b ? -1 : 1
}

function comparable(a: Value, b: Value): void {
  if (typeof a === 'object' || typeof b === 'object')
    throw new TemplateFailure('non-comparable type for comparison')
  if (typeof a !== typeof b) throw new TemplateFailure('incompatible types for comparison')
}
