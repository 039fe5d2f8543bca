// Where a name is found in the rows of a part: in which columns, and in which rows only JavaScript can look it up.
import type { ViewedName } from '../../record/aggregate-request.js'
import { sqlName } from './duck.js'
import type { ColumnType, PartSide } from './part.js'

export interface Lookup {
  /** SQL for the value as it is stored; NULL where the name is missing. */
  readonly value: string
  readonly type: ColumnType
  /** SQL for the rows in which the name may stand elsewhere. */
  readonly doubt: string
}

/** Undefined where SQL cannot look the name up at all. */
export function lookUp({ view, name }: ViewedName, side: PartSide): Lookup | undefined {
  const column = side.columns.find((one) => one.name === name)
  const label = column?.class === 'label'
  if (!label && side.streams.some(({ labels }) => Object.hasOwn(labels, name))) return undefined
  const everywhere = label && side.streams.every(({ labels }) => Object.hasOwn(labels, name))
  const fallback = fallbackOf(view, name)
  if (fallback !== undefined || (label && (everywhere || view !== 'entry'))) {
    const value = label ? sqlName(name) : 'NULL::VARCHAR'
    if (everywhere || fallback === undefined) return { value, type: 'text', doubt: 'false' }
    return { value: label ? `coalesce(${value}, ${fallback})` : fallback, type: 'text', doubt: 'false' }
  }
  if (view !== 'entry') return { value: 'NULL::VARCHAR', type: 'text', doubt: 'false' }
  const value = column ? sqlName(name) : 'NULL::VARCHAR'
  const elsewhere = column ? `(${value} IS NULL AND _more IS NOT NULL)` : '_more IS NOT NULL'
  return { value, type: column?.type ?? 'text', doubt: side.more === false ? 'false' : elsewhere }
}

/** Where a label that is missing is taken from instead. */
function fallbackOf(view: ViewedName['view'], name: string): string | undefined {
  if (view === 'label') return undefined
  if (name === 'detected_level') return '_level'
  if (view === 'entry') return undefined
  return name === 'tenant' ? '_tenant' : name === 'level' ? '_level' : undefined
}
