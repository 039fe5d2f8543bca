// Searches in lines and field values, as SQL over the columns of a part.
import { literalOf, plainTextOf } from '../../record/regex.js'
import { readRegex } from '../../record/regex-syntax.js'
import type { LineCondition, TextCondition } from '../../record/scan-request.js'
import { sqlName, sqlText } from './duck.js'
import type { Column, PartSide } from './part.js'
import { shapedTerms } from './shape-terms.js'
import { NEVER, type Terms, UNKNOWN, and, anyOf, exactly, noneOf, not, or } from './terms.js'

/** NUL and half a surrogate pair cannot pass into SQL; nor does any stored text hold them. */
const NOT_SQL = /[\0\p{Surrogate}]/u

/** What is looked for in a value: a text, or a pattern that DuckDB's RE2 reads as ours does. */
export interface Search {
  /** The search in a value that is SQL. */
  readonly test: (value: string) => Terms
  /** A text that everything found contains; may be empty. */
  readonly sure: string
  /** Whether it is `sure` itself that is looked for. */
  readonly literal: boolean
}

export function lineTerms({ op, values }: LineCondition, side: PartSide): Terms {
  const found = values.map((value) => {
    const search = op === '|=' || op === '!=' ? literalSearch(value) : patternSearch(value, false)
    return typeof search === 'object' && 'may' in search
      ? search
      : anyOf([search.test('_line'), shapedTerms(side, search)])
  })
  return op === '|=' || op === '|~' ? anyOf(found) : noneOf(found)
}

/** The line and the value of every field. */
export function textTerms({ pattern, literal, ignoreCase, invert }: TextCondition, side: PartSide): Terms {
  const search =
    literal && !ignoreCase
      ? literalSearch(pattern)
      : patternSearch(literal ? quoted(pattern) : pattern, ignoreCase)
  if ('may' in search) return invert ? noneOf([search]) : search
  const fields = side.columns.filter((column) => column.class === 'field')
  const more = side.more === false ? NEVER : { may: '_more IS NOT NULL', sure: 'false' }
  const found = [
    search.test('_line'),
    more,
    ...fields.map((column) => valueTerms(column, search)),
    shapedTerms(side, search),
  ]
  return invert ? noneOf(found) : anyOf(found)
}

function literalSearch(text: string): Search | Terms {
  if (NOT_SQL.test(text)) return NEVER
  const wanted = sqlText(text)
  return { test: (value) => exactly(`contains(${value}, ${wanted})`), sure: text, literal: true }
}

function patternSearch(pattern: string, ignoreCase: boolean): Search | Terms {
  const text = ignoreCase ? undefined : plainTextOf(pattern)
  if (text !== undefined) return literalSearch(text)
  if (NOT_SQL.test(pattern) || !isSqlRegex(pattern, ignoreCase)) return UNKNOWN
  const wanted = sqlText(pattern)
  // With `s` a dot matches newlines as well, so this matches at least what the pattern does.
  const loosely = (value: string): string =>
    `regexp_matches(${value}, ${wanted}, '${ignoreCase ? 'is' : 's'}')`
  const strictly = (value: string): string =>
    `regexp_matches(${value}, ${wanted}, '${ignoreCase ? 'i' : 'c'}')`
  const dots = /\./.test(pattern)
  return {
    test: (value) => (dots ? { may: loosely(value), sure: strictly(value) } : exactly(loosely(value))),
    sure: literalOf(pattern, { ignoreCase }) ?? '',
    literal: false,
  }
}

/**
 * Whether DuckDB's RE2 reads a pattern as ours does: it is older, refuses rarer syntax and folds the case of fewer
 * characters.
 */
export function isSqlRegex(pattern: string, ignoreCase: boolean): boolean {
  if (NOT_SQL.test(pattern)) return false
  const tree = readRegex(pattern, true)
  return tree !== undefined && (isAscii(pattern) || !(ignoreCase || tree.ignoreCase))
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

function quoted(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}

/** The search in the values of a column. */
export function valueTerms({ name, type }: Pick<Column, 'name' | 'type'>, search: Search): Terms {
  const value = sqlName(name)
  const text = `${value}::VARCHAR`
  switch (type) {
    case 'text':
      return search.test(value)
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
