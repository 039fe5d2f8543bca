// Conditions as SQL in pairs: what may fulfil a condition, and what surely does. Where the two agree, SQL alone can
// answer; the rows between them are judged in JavaScript.

/** Boolean SQL, in which NULL counts as false. */
export interface Terms {
  readonly may: string
  readonly sure: string
}

export const ALWAYS: Terms = { may: 'true', sure: 'true' }
export const NEVER: Terms = { may: 'false', sure: 'false' }
/** Only JavaScript can tell. */
export const UNKNOWN: Terms = { may: 'true', sure: 'false' }

export function exactly(sql: string): Terms {
  return { may: sql, sure: sql }
}

/** Some rows are not for SQL to judge. */
export function doubtful(terms: Terms, doubt: string): Terms {
  if (doubt === 'false') return terms
  return { may: or([terms.may, doubt]), sure: and([terms.sure, not(doubt)]) }
}

export function anyOf(terms: readonly Terms[]): Terms {
  return { may: or(terms.map(({ may }) => may)), sure: or(terms.map(({ sure }) => sure)) }
}

export function allOf(terms: readonly Terms[]): Terms {
  return { may: and(terms.map(({ may }) => may)), sure: and(terms.map(({ sure }) => sure)) }
}

export function noneOf(terms: readonly Terms[]): Terms {
  const { may, sure } = anyOf(terms)
  return { may: not(sure), sure: not(may) }
}

export function or(terms: readonly string[]): string {
  if (terms.includes('true')) return 'true'
  const left = [...new Set(terms)].filter((term) => term !== 'false')
  return left.length === 0 ? 'false' : left.length === 1 ? (left[0] as string) : `(${left.join(' OR ')})`
}

export function and(terms: readonly string[]): string {
  if (terms.includes('false')) return 'false'
  const left = [...new Set(terms)].filter((term) => term !== 'true')
  return left.length === 0 ? 'true' : left.length === 1 ? (left[0] as string) : `(${left.join(' AND ')})`
}

/** Of a column. */
const IS_NOT_NULL = /^((?:"[^"]*"|\w+) IS) NOT NULL$/

export function not(term: string): string {
  if (term === 'true') return 'false'
  const is = IS_NOT_NULL.exec(term)?.[1]
  // DuckDB passes over row groups for a plain form.
  if (is !== undefined) return `${is} NULL`
  return term === 'false' ? 'true' : `NOT coalesce(${term}, false)`
}
