// The tree that a query is read into; every node knows where it stood, so that later errors can point there.
import type { LogQuery } from './log-ast.js'
import type { MetricQuery } from './metric-ast.js'

export * from './log-ast.js'
export * from './metric-ast.js'

/** A query: lines of log, or numbers made of them. */
export type Query = LogQuery | MetricQuery
