// Comparisons of labels, levels and fields, as SQL over the columns of a part.
import { textTest } from '../../record/condition.js'
import type {
  AnyCondition,
  FieldCondition,
  LabelCondition,
  Missing,
  NumberCondition,
} from '../../record/scan-request.js'
import { sqlText } from './duck.js'
import { type Lookup, lookUp } from './lookup.js'
import type { PartSide } from './part.js'
import {
  ALWAYS,
  NEVER,
  type Terms,
  UNKNOWN,
  allOf,
  and,
  anyOf,
  doubtful,
  exactly,
  noneOf,
  not,
  or,
} from './terms.js'
import { isSqlRegex } from './text-terms.js'
import { bareText } from './value-terms.js'

type Comparison = Pick<FieldCondition, 'op' | 'value'>

/** A text comparison with what a name has in a view. */
export function comparisonTerms(
  { name, ...comparison }: FieldCondition | LabelCondition,
  view: 'stream' | 'entry',
  side: PartSide,
): Terms {
  const found = lookUp({ view, name }, side)
  if (!found) return UNKNOWN
  const positive = comparison.op === '!=' ? '=' : comparison.op === '!~' ? '=~' : comparison.op
  const matched = matchTerms(found, { op: positive, value: comparison.value })
  const terms = positive === comparison.op ? matched : noneOf([matched])
  return doubtful('missing' in comparison ? orMissing(terms, found, comparison) : terms, found.doubt)
}

/** A value that is not there is NULL. */
function orMissing(terms: Terms, { value }: Lookup, { missing }: { readonly missing?: Missing }): Terms {
  return missing === 'kept' ? anyOf([exactly(`${value} IS NULL`), terms]) : terms
}

/** For `=` and `=~`; a missing value counts as the empty text. */
function matchTerms(found: Lookup, comparison: Comparison): Terms {
  const missing = textTest(comparison)('') ? exactly(`${found.value} IS NULL`) : NEVER
  return anyOf([missing, presentTerms(found, comparison)])
}

function presentTerms({ value, type }: Lookup, comparison: Comparison): Terms {
  switch (type) {
    case 'text':
      return textValueTerms(value, comparison)
    case 'integer':
      if (comparison.op === '=') {
        const number = Number(comparison.value)
        const canonical = Number.isSafeInteger(number) && String(number) === comparison.value
        return canonical ? exactly(`${value} = ${number}`) : NEVER
      }
      return textValueTerms(`${value}::VARCHAR`, comparison)
    case 'boolean':
      return textValueTerms(`${value}::VARCHAR`, comparison)
    case 'float': {
      if (comparison.op !== '=') return { may: `${value} IS NOT NULL`, sure: 'false' }
      const number = Number(comparison.value)
      return String(number) === comparison.value ? exactly(`${value} = ${doubleSql(number)}`) : NEVER
    }
    case 'mixed': {
      const bare = exactly(bareText(value))
      const terms = textValueTerms(value, comparison)
      return { may: anyOf([terms, noneOf([bare])]).may, sure: allOf([terms, bare]).sure }
    }
  }
}

function textValueTerms(value: string, { op, value: wanted }: Comparison): Terms {
  if (/[\0\p{Surrogate}]/u.test(wanted)) return op === '=' ? NEVER : UNKNOWN
  if (op === '=') return exactly(`${value} = ${sqlText(wanted)}`)
  return isSqlRegex(wanted, false) ? exactly(`regexp_full_match(${value}, ${sqlText(wanted)}, 's')`) : UNKNOWN
}

function doubleSql(number: number): string {
  return `${sqlText(String(number))}::DOUBLE`
}

/** A number in a column, and which rows have one: not those whose text JavaScript must read. */
export interface NumberSql {
  readonly value: string
  readonly present: Terms
}

/** A text that SQL and JavaScript surely read as the same number. */
const PLAIN_NUMBER = `'[+-]?[0-9]{1,15}([.][0-9]{1,15})?'`

/** What is read as a number; `present.may` also has the rows whose text may be none. Undefined: JavaScript must look. */
export function numberSql(found: Lookup, reading: NumberCondition['reading']): NumberSql {
  const { value, type } = found
  const there = `${value} IS NOT NULL`
  switch (type) {
    case 'integer':
      // Neither has a unit: as a duration only 0 can be read, as a size what is not negative.
      return {
        value: `${value}::DOUBLE`,
        present: {
          may: there,
          sure: reading === 'number' ? there : reading === 'bytes' ? `${value} >= 0` : `${value} = 0`,
        },
      }
    case 'float':
      return { value, present: { may: there, sure: reading === 'number' ? there : 'false' } }
    case 'boolean':
      return { value: 'NULL::DOUBLE', present: { may: there, sure: 'false' } }
    case 'text':
    case 'mixed': {
      const plain = `regexp_full_match(${value}, ${PLAIN_NUMBER})`
      return {
        value: `TRY_CAST(${value} AS DOUBLE)`,
        present: { may: there, sure: reading === 'number' ? plain : 'false' },
      }
    }
  }
}

export function numberTerms(condition: NumberCondition, side: PartSide): Terms {
  const found = lookUp({ view: 'entry', name: condition.name }, side)
  if (!found) return UNKNOWN
  return doubtful(orMissing(presentNumberTerms(found, condition), found, condition), found.doubt)
}

function presentNumberTerms(found: Lookup, condition: NumberCondition): Terms {
  if (found.type === 'integer' && condition.reading === 'number')
    return exactly(`${found.value} ${sqlOp(condition)} ${numberLiteral(condition.value)}`)
  const { value, present } = numberSql(found, condition.reading)
  const passes = `${value} ${sqlOp(condition)} ${doubleSql(condition.value)}`
  const read = allOf([exactly(present.sure), exactly(passes)])
  const unread = allOf([exactly(present.may), noneOf([exactly(present.sure)])])
  return present.may === present.sure ? read : { may: anyOf([read, unread]).may, sure: read.sure }
}

/** A number that cannot be read may be an error, even where another condition holds: JavaScript tells. */
export function anyTerms({ of }: AnyCondition, side: PartSide): Terms {
  const terms = of.map((one) =>
    one.kind === 'field' ? comparisonTerms(one, 'entry', side) : numberTerms(one, side),
  )
  const { may, sure } = anyOf(terms)
  return { may, sure: and([sure, ...of.map((one) => not(unreadTerm(one, side)))]) }
}

/** Rows in which JavaScript has to read the number. */
function unreadTerm(condition: AnyCondition['of'][number], side: PartSide): string {
  if (condition.kind === 'field') return 'false'
  const found = lookUp({ view: 'entry', name: condition.name }, side)
  if (!found) return 'true'
  const { may, sure } = numberSql(found, condition.reading).present
  return or([found.doubt, may === sure ? 'false' : and([may, not(sure)])])
}

/** Where a whole number is compared with one, DuckDB can leave row groups out by their statistics. */
function numberLiteral(number: number): string {
  return Number.isSafeInteger(number) ? String(number) : doubleSql(number)
}

function sqlOp({ op }: NumberCondition): string {
  return op === '==' ? '=' : op
}

/** The values that pass, of those that a name has anywhere, as SQL; the shorter of the two lists. */
export function valueListTerms(
  value: string,
  values: ReadonlySet<string>,
  test: (value: string) => boolean,
): Terms {
  const passing = [...values].filter(test)
  const falling = [...values].filter((one) => !test(one))
  if (falling.length === 0) return ALWAYS
  if (passing.length === 0) return NEVER
  if (passing.length <= falling.length) {
    const there = passing.filter((one) => one !== '')
    const terms = there.length > 0 ? [exactly(`${value} ${oneOf(there)}`)] : []
    return anyOf(test('') ? [exactly(`${value} IS NULL`), ...terms] : terms)
  }
  const there = falling.filter((one) => one !== '')
  const out = there.length > 0 ? [exactly(`${value} ${oneOf(there)}`)] : []
  return noneOf(test('') ? out : [exactly(`${value} IS NULL`), ...out])
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `= ${sqlText(values[0] as string)}` : `IN (${values.map(sqlText).join(', ')})`
}
