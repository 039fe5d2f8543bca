// Reads the text of a query into its tree. Patterns, templates and addresses are checked when stages are compiled.
import type { LogQuery, MetricQuery, Query } from './ast.js'
import { QUERY_HINT, parseMetricQuery, parseQuery } from './parse-metric.js'
import { queryError } from './query-error.js'
import type { TokenStream } from './token-stream.js'
import { peek, tokenStream, unexpected } from './token-stream.js'

/** Throws QUERY_INVALID, or PATTERN_INVALID for label_replace; as do all here. */
export function parse(text: string): Query {
  return whole(text, parseQuery)
}

/** A query for lines. */
export function parseLog(text: string): LogQuery {
  const query = parse(text)
  if (query.kind === 'log') return query
  return queryError(
    query.at,
    'numbers where lines are needed',
    'this asks for lines, with a selector such as {app="web"} |= "text"',
  )
}

/** A query for numbers. */
export function parseMetric(text: string): MetricQuery {
  return whole(text, parseMetricQuery)
}

function whole<T>(text: string, read: (stream: TokenStream) => T): T {
  const stream = tokenStream(text)
  const query = read(stream)
  return peek(stream).kind === 'end'
    ? query
    : unexpected(stream, 'an operator, a stage or the end', QUERY_HINT)
}
