// Evaluates the tree of a metric query above its range aggregations, one step after the other.
import type { MetricQuery, RangeAggregation } from './ast.js'
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

/** The range aggregations of a tree, from left to right. */
export function rangeAggregations(node: MetricQuery): RangeAggregation[] {
  switch (node.kind) {
    case 'range-aggregation':
      return [node]
    case 'vector-aggregation':
    case 'label_replace':
      return rangeAggregations(node.of)
    case 'binary':
      return [...rangeAggregations(node.left), ...rangeAggregations(node.right)]
    default:
      return []
  }
}

/** Whether the order of an instant answer is that of `sort` or `sort_desc`. */
export function sorts(node: MetricQuery): boolean {
  switch (node.kind) {
    case 'vector-aggregation':
      return node.op === 'sort' || node.op === 'sort_desc' || sorts(node.of)
    case 'label_replace':
      return sorts(node.of)
    case 'binary':
      return sorts(node.left) || sorts(node.right)
    default:
      return false
  }
}
