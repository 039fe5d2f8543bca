// Searches in the values of a column, as SQL: exact where SQL writes a value as JavaScript does.
import { sqlName } from './duck.js'
import type { Column } from './part.js'
import { kindsOf } from './pieces.js'
import { NEVER, type Terms, and, not, or } from './terms.js'

/** What is looked for in a value: a text, or a pattern that DuckDB's RE2 reads as ours does. */
export interface Search {
  /** The search in a value that is SQL. */
  readonly test: (value: string) => Terms
  /** A text that everything found contains; may be empty. */
  readonly sure: string
  /** Whether it is `sure` itself that is looked for. */
  readonly literal: boolean
}

/** The search in the values of a column. */
export function valueTerms({ name, type, kinds }: Omit<Column, 'class'>, search: Search): Terms {
  const value = sqlName(name)
  const text = `${value}::VARCHAR`
  switch (type) {
    case 'text':
      return kinds !== undefined && (kindsOf(search.sure) & ~kinds) !== 0 ? NEVER : search.test(value)
    case 'boolean':
      return /^[a-z]*$/i.test(search.sure) ? search.test(text) : NEVER
    case 'integer':
      return /^[-0-9]*$/.test(search.sure) ? search.test(text) : NEVER
    case 'float':
      // DuckDB writes 5.0 for JavaScript's 5, and very large or small doubles in another form.
      return /^[-+.0-9e]*$/i.test(search.sure) ? floatTerms(value, search) : NEVER
    case 'mixed':
      return mixedTerms(value, search)
  }
}

function floatTerms(value: string, { test, sure, literal }: Search): Terms {
  if (sure === '' || !literal) return { may: `${value} IS NOT NULL`, sure: 'false' }
  const odd = [`abs(${value}) >= 1e15`, `(${value} <> 0 AND abs(${value}) < 1e-3)`]
  return { may: or([test(`${value}::VARCHAR`).may, ...odd]), sure: 'false' }
}

/** A text of a mixed column that stands there as it is, neither in JSON quotes nor as a number. */
export function bareText(value: string): string {
  return `NOT regexp_matches(${value}, '^["0-9-]')`
}

function mixedTerms(value: string, { test, sure }: Search): Terms {
  const found = test(value)
  const bare = bareText(value)
  const numberLike = /^[-+.0-9e]*$/i.test(sure)
  const escaped = numberLike ? not(bare) : `starts_with(${value}, '"')`
  return { may: or([found.may, escaped]), sure: and([found.sure, bare]) }
}
