// Loki's rule that a query may not select every stream; its API keeps it, our own commands do not.
import { compileRegex } from '../record/regex.js'
import type { LogQuery, Matcher, Query } from './ast.js'
import { queryError } from './query-error.js'

// Loki's words: clients show them, and some look for them.
const REFUSAL =
  'queries require at least one regexp or equality matcher that does not have an empty-compatible value. ' +
  'For instance, app=~".*" does not meet this requirement, but app=~".+" will'

/** Throws QUERY_INVALID where a selector has no matcher that a missing label fails; PATTERN_INVALID too. */
export function requireSelective(query: Query): void {
  for (const log of logQueriesOf(query)) if (!log.matchers.some(isSelective)) queryError(log.at, REFUSAL)
}

/** The selections that the query reads, from left to right. */
export function logQueriesOf(query: Query): LogQuery[] {
  switch (query.kind) {
    case 'log':
      return [query]
    case 'range-aggregation':
      return [query.log]
    case 'binary':
      return [...logQueriesOf(query.left), ...logQueriesOf(query.right)]
    case 'vector-aggregation':
    case 'label_replace':
      return logQueriesOf(query.of)
    default:
      return []
  }
}

function isSelective({ op, value }: Matcher): boolean {
  if (op === '=') return value !== ''
  if (op === '!=') return value === ''
  return compileRegex(value, { whole: true }).test('') === (op === '!~')
}
