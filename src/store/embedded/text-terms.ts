// Searches in lines and field values, as SQL over the columns of a part.
import { literalOf, plainTextOf } from '../../record/regex.js'
import { readRegex } from '../../record/regex-syntax.js'
import type { LineCondition, TextCondition } from '../../record/scan-request.js'
import { sqlText } from './duck.js'
import type { PartSide } from './part.js'
import { shapedTerms } from './shape-terms.js'
import { NEVER, type Terms, UNKNOWN, anyOf, exactly, noneOf } from './terms.js'
import { type Search, valueTerms } from './value-terms.js'

/** NUL and half a surrogate pair cannot pass into SQL; nor does any stored text hold them. */
const NOT_SQL = /[\0\p{Surrogate}]/u

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
