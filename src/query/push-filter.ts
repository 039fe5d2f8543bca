// Filters on labels as conditions on what senders gave: exact before the first parser, behind it for the records that
// have the label, since a parser never overwrites what was sent.
import type { AnyCondition, Condition, FieldCondition, NumberCondition } from '../record/scan-request.js'
import type { LabelFilter, Matcher } from './ast.js'
import { ERROR, EXTRACTED } from './entry.js'
import { containedText } from './label-regex.js'

/**
 * `exact`: the conditions are the filter. `checked`: but for the error of a value that cannot be read, which the
 * pipeline has to write, and for records that a parser may give the label. `superset`: they keep more than the filter
 * does.
 */
export type Pushed = 'exact' | 'checked' | 'superset'

/** `parsed`: a parser has run before, so that it may be the parser's label where none was sent. */
export function pushFilter(filter: LabelFilter, where: Condition[], parsed: boolean): Pushed {
  switch (filter.kind) {
    case 'and':
      return weaker(pushFilter(filter.left, where, parsed), pushFilter(filter.right, where, parsed))
    case 'or':
      return pushAny(filter, where, parsed)
    default: {
      if (isNoError(filter)) return pushNoError(where)
      const condition = conditionOf(filter, parsed)
      if (condition === undefined) return 'superset'
      where.push(condition)
      return pushedAs(condition)
    }
  }
}

function pushedAs(condition: AnyCondition['of'][number]): Pushed {
  return condition.kind === 'field' && condition.missing === undefined ? 'exact' : 'checked'
}

function pushAny(filter: LabelFilter, where: Condition[], parsed: boolean): Pushed {
  const of = alternatives(filter).map((one) => conditionOf(one, parsed))
  if (!of.every((condition) => condition !== undefined)) return 'superset'
  where.push({ kind: 'any', of })
  return of.map(pushedAs).reduce(weaker)
}

function alternatives(filter: LabelFilter): LabelFilter[] {
  return filter.kind === 'or' ? [...alternatives(filter.left), ...alternatives(filter.right)] : [filter]
}

/** Undefined where no condition says it. */
function conditionOf(filter: LabelFilter, parsed: boolean): FieldCondition | NumberCondition | undefined {
  if ('left' in filter || filter.kind === 'ip' || !isSentName(filter.name, parsed)) return undefined
  const { name, kind, value } = filter
  const missing = parsed ? ({ missing: 'kept' } as const) : {}
  if (kind !== 'matcher')
    return {
      kind: 'number',
      name,
      reading: kind,
      op: filter.op,
      value: filter.value,
      unreadable: 'kept',
      ...missing,
    }
  const { op } = filter
  if ((op === '=~' || op === '!~') && containedText(filter.value)) return undefined
  return { kind: 'field', name, op, value: String(value), ...missing }
}

/**
 * Whether it stays what the sender gave. Names that begin with `__` are those of errors, and of servers that add
 * labels; where a sender's label is in the way of a parser's, that one is called `…_extracted`, even if there is one.
 */
export function isSentName(name: string, parsed: boolean): boolean {
  return !name.startsWith('__') && !(parsed && name.endsWith(EXTRACTED))
}

/** `__error__=""` */
export function isNoError(filter: LabelFilter | undefined): filter is Matcher {
  return filter?.kind === 'matcher' && filter.name === ERROR && filter.op === '=' && filter.value === ''
}

function pushNoError(where: Condition[]): Pushed {
  const without = withoutUnreadable(where)
  if (without === undefined) return 'superset'
  where.splice(0, where.length, ...without)
  return 'checked'
}

/**
 * What filters could not read has an error, and a filter `__error__=""` after them lets it fall. Undefined where a
 * number stands among alternatives: whether it was read at all depends on those before it.
 */
export function withoutUnreadable(where: readonly Condition[]): Condition[] | undefined {
  if (where.some((one) => one.kind === 'any' && one.of.some(({ kind }) => kind === 'number')))
    return undefined
  return where.map((condition) =>
    condition.kind === 'number' ? { ...condition, unreadable: 'dropped' } : condition,
  )
}

function weaker(a: Pushed, b: Pushed): Pushed {
  if (a === 'superset' || b === 'superset') return 'superset'
  return a === 'checked' || b === 'checked' ? 'checked' : 'exact'
}
