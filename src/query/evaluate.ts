// Evaluates the tree of a metric query above its range aggregations, one step after the other.
import type { MetricQuery, RangeAggregation, VectorOp } from './ast.js'
import type { Value } from './binary-operation.js'
import { binaryOperation } from './binary-operation.js'
import { labelReplace } from './label-replace.js'
import type { Sample } from './sample.js'
import { NO_LABELS } from './sample.js'
import { vectorAggregation } from './vector-aggregation.js'

/** The value at the step that the range aggregations stand at. */
export type Evaluate = () => Value

/** `leaf` gives the samples of a range aggregation. */
export function compileTree(
  node: MetricQuery,
  leaf: (node: RangeAggregation) => () => readonly Sample[],
): Evaluate {
  switch (node.kind) {
    case 'range-aggregation':
      return leaf(node)
    case 'vector-aggregation': {
      const of = compileTree(node.of, leaf)
      const aggregate = vectorAggregation(node)
      return () => aggregate(samplesOf(of()))
    }
    case 'binary': {
      const left = compileTree(node.left, leaf)
      const right = compileTree(node.right, leaf)
      const operate = binaryOperation(node)
      return () => operate(left(), right())
    }
    case 'label_replace': {
      const of = compileTree(node.of, leaf)
      const replace = labelReplace(node)
      return () => replace(samplesOf(of()))
    }
    case 'vector':
      return () => [{ of: NO_LABELS, value: node.value }]
    case 'number':
      return () => node.value
  }
}

/** A number where series are expected is one series without labels. */
function samplesOf(value: Value): readonly Sample[] {
  return typeof value === 'number' ? [{ of: NO_LABELS, value }] : value
}

/** Whether the vector aggregation stands anywhere in the tree. */
export function uses(node: MetricQuery, op: VectorOp): boolean {
  switch (node.kind) {
    case 'vector-aggregation':
      return node.op === op || uses(node.of, op)
    case 'label_replace':
      return uses(node.of, op)
    case 'binary':
      return uses(node.left, op) || uses(node.right, op)
    default:
      return false
  }
}
