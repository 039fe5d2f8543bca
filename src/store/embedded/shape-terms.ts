// Searches in lines that are stored as their shape: through the columns that their values stand in.
import { sqlText } from './duck.js'
import type { PartSide } from './part.js'
import { type Shape, literalsOf } from './shape.js'
import { NEVER, type Terms, and, anyOf, exactly, or } from './terms.js'
import { type Search, valueTerms } from './value-terms.js'

/** What ends a value in a shaped line, or could stand in the text of its time. */
const ENDS_VALUE = /["{}[\],:\s]+/
const TIME_LIKE = /^[-+.0-9TZ]+$/

/**
 * A piece of the needle between characters that end a value stands in one value or in one literal of the shape;
 * where that says nothing, every shaped row is let through.
 */
export function shapedTerms(side: PartSide, search: Search): Terms {
  if (side.shapes.length === 0) return NEVER
  const exact = search.literal ? exactTerms(side, search) : undefined
  if (exact) return exact
  const pieces = search.sure
    .split(ENDS_VALUE)
    .filter((piece) => piece !== '' && !mayBeInTime(piece, side.shapes))
  const terms = pieces.map((piece) =>
    or([
      inLiterals(side.shapes, piece),
      ...(side.more === false ? [] : ['_more IS NOT NULL']),
      ...side.columns.map((column) => valueTerms(column, containing(piece)).may),
    ]),
  )
  return { may: and(['_shape IS NOT NULL', ...terms]), sure: 'false' }
}

function containing(piece: string): Search {
  const wanted = sqlText(piece)
  return { test: (value) => exactly(`contains(${value}, ${wanted})`), sure: piece, literal: true }
}

function inLiterals(shapes: readonly Shape[], piece: string): string {
  return shapesIn(
    [...shapes.keys()].filter((i) => literalsOf(shapes[i] as Shape).some((text) => text.includes(piece))),
  )
}

function shapesIn(numbers: readonly number[]): string {
  return numbers.length === 0 ? 'false' : `_shape IN (${numbers.join(',')})`
}

/** Where the needle can only stand within one value or one literal, and all values are in columns of plain types. */
function exactTerms({ shapes, columns }: PartSide, search: Search): Terms | undefined {
  const { sure } = search
  if (sure === '') return exactly('_shape IS NOT NULL')
  if (/["{}[\],:]/.test(sure) || mayBeInTime(sure, shapes)) return undefined
  if (/\s/.test(sure) && shapes.some(hasLooseValue)) return undefined
  const byColumn = new Map<string, number[]>()
  for (const [number, shape] of shapes.entries())
    for (const part of shape) {
      if (typeof part === 'string' || 'time' in part || 'epoch' in part) continue
      const [name, columnClass] = 'label' in part ? [part.label, 'label'] : [part.field, 'field']
      if (!columns.some((column) => column.name === name && column.class === columnClass)) return undefined
      byColumn.set(name, [...(byColumn.get(name) ?? []), number])
    }
  const terms = [...byColumn].map(([name, numbers]) => {
    const column = columns.find((one) => one.name === name)
    const { may, sure: certain } = column ? valueTerms(column, search) : NEVER
    return may === certain ? and([may, shapesIn(numbers)]) : undefined
  })
  if (terms.includes(undefined)) return undefined
  return anyOf([exactly(inLiterals(shapes, sure)), ...terms.map((term) => exactly(term ?? 'false'))])
}

/** Whether a value without quotes has white space beside it, so that a text with white space may reach into it. */
function hasLooseValue(shape: Shape): boolean {
  return shape.some((part, i) => {
    if (typeof part === 'string' || !('field' in part) || part.quoted) return false
    const [before, after] = [shape[i - 1], shape[i + 1]]
    return (
      (typeof before === 'string' && /\s$/.test(before)) || (typeof after === 'string' && /^\s/.test(after))
    )
  })
}

/** Digits alone are at most a year, the fraction of a second, or an epoch. */
function mayBeInTime(piece: string, shapes: readonly Shape[]): boolean {
  if (!TIME_LIKE.test(piece)) return false
  const digits = shapes.flat().map((part) => {
    if (typeof part === 'string') return 0
    return 'time' in part ? part.time : 'epoch' in part ? 19 : 0
  })
  return !/^\d+$/.test(piece) || piece.length <= Math.max(4, ...digits)
}
