// How strongly binary operators bind, for whoever reads or prints them. Source: Loki's documentation, "Order of operations".
import { COMPARISON_OPS } from './ast.js'
import type { BinaryOp } from './ast.js'

const STRENGTHS: readonly (readonly BinaryOp[])[] = [
  ['or'],
  ['and', 'unless'],
  COMPARISON_OPS,
  ['+', '-'],
  ['*', '/', '%'],
  ['^'],
]

interface Binding {
  readonly strength: number
  /** Weaker operators stand in brackets on the left, and on the right. */
  readonly leastOfLeft: number
  readonly leastOfRight: number
}

const BINDINGS = new Map<BinaryOp, Binding>(
  STRENGTHS.flatMap((ops, strength) => ops.map((op) => [op, binding(op, strength)] as const)),
)

export function bindingOf(op: BinaryOp): Binding {
  return BINDINGS.get(op) as Binding
}

export function isComparison(op: BinaryOp): boolean {
  return (COMPARISON_OPS as readonly BinaryOp[]).includes(op)
}

export function isSetOperation(op: BinaryOp): boolean {
  return op === 'or' || op === 'and' || op === 'unless'
}

/** `^` groups from the right, `2 ^ 3 ^ 2` is 512; all others from the left. */
function binding(op: BinaryOp, strength: number): Binding {
  return op === '^'
    ? { strength, leastOfLeft: strength + 1, leastOfRight: strength }
    : { strength, leastOfLeft: strength, leastOfRight: strength + 1 }
}
