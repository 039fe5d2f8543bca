// Operators between two numbers, as Loki calculates them (Go's float64 and `math` package).
import type { BinaryOp } from './ast.js'

export type SetOp = 'or' | 'and' | 'unless'
export type Operator = Exclude<BinaryOp, SetOp>

const COMPARISONS: Partial<Record<Operator, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
}

export function isSetOp(op: BinaryOp): op is SetOp {
  return op === 'or' || op === 'and' || op === 'unless'
}

export function isComparison(op: Operator): boolean {
  return COMPARISONS[op] !== undefined
}

/** A comparison gives 1 or 0. Dividing by zero gives NaN, never infinity. */
export function calculate(op: Operator, left: number, right: number): number {
  switch (op) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right === 0 ? Number.NaN : left / right
    case '%':
      return right === 0 ? Number.NaN : left % right
    case '^':
      return power(left, right)
    default:
      return COMPARISONS[op]?.(left, right) ? 1 : 0
  }
}

/** JavaScript gives NaN where IEEE 754 and Go give 1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1
  return base ** exponent
}
