// A row of a part on its way out: as JSON text in SQL, and from that text back to a record.
import { LogctlError, fail } from '../../errors.js'
import type { Scalar, StoredRecord } from '../../record/record.js'
import { type Timestamp, timestampOfMs, timestampOfNs } from '../../record/time.js'
import { decodeMixed } from './columns.js'
import { sqlName, sqlText } from './duck.js'
import type { Column, More, PartSide } from './part.js'
import { type Shape, lineOf } from './shape.js'

/** A row as JSON text: the cheapest way to bring rows of many columns into JavaScript. */
export function rowSql(candidate: number, columns: readonly Column[]): string {
  const names = columns
    .filter((column) => column.class === 'field')
    .map((column) => column.name)
    .sort()
  const fields =
    names.length > 0 ? `{${names.map((name) => `${sqlText(name)}: ${sqlName(name)}`).join(', ')}}` : 'NULL'
  return `json_array(${candidate}, epoch_ns(_time)::VARCHAR, _seq, _stream, _level, _line, _shape, ${fields}, _more)::VARCHAR`
}

/** [candidate, ns since the epoch, sequence, stream, level, line, shape, field columns, `_more`]. */
type Row = readonly [
  number,
  string,
  number,
  number,
  StoredRecord['level'],
  string | null,
  number | null,
  Record<string, Scalar | null> | null,
  string | null,
]

export function readRow(row: string, sideOf: (candidate: number) => PartSide): StoredRecord {
  const [candidate, ns, sequence, number, level, text, shape, values, more] = JSON.parse(row) as Row
  const side = sideOf(candidate)
  const stream = side.streams[number]
  if (!stream)
    throw new LogctlError('DATA_DAMAGED', `a part names stream ${number}, which its side file lacks`)
  const { tenant, labels } = stream
  const fields = readFields(values ?? {}, side.columns, more)
  const timestamp = readTime(ns)
  const line = text ?? lineOf(shapeNumbered(side, shape), { timestamp, labels, fields })
  return { timestamp, tenant, labels, level, line, fields, sequence }
}

function shapeNumbered(side: PartSide, number: number | null): Shape {
  const shape = number === null ? undefined : side.shapes[number]
  return shape ?? fail('DATA_DAMAGED', `a part names shape ${number}, which its side file lacks`)
}

function readFields(
  values: Readonly<Record<string, Scalar | null>>,
  columns: readonly Column[],
  more: string | null,
): Record<string, Scalar> {
  const fields = Object.create(null) as Record<string, Scalar>
  const others = more === null ? undefined : (JSON.parse(more) as More).fields
  const names = others ? [...Object.keys(values), ...Object.keys(others)].sort() : Object.keys(values)
  const mixed = mixedNames(columns)
  for (const name of names) {
    const other = others && Object.hasOwn(others, name) ? others[name] : undefined
    const value = other ?? values[name]
    if (value === null || value === undefined) continue
    fields[name] = other === undefined && mixed.has(name) ? decodeMixed(value as string) : value
  }
  return fields
}

const MIXED = new WeakMap<readonly Column[], ReadonlySet<string>>()

function mixedNames(columns: readonly Column[]): ReadonlySet<string> {
  let names = MIXED.get(columns)
  if (!names)
    MIXED.set(
      columns,
      (names = new Set(columns.filter(({ type }) => type === 'mixed').map(({ name }) => name))),
    )
  return names
}

function readTime(ns: string): Timestamp {
  if (ns.startsWith('-') || ns.length < 7) return timestampOfNs(BigInt(ns)) as Timestamp
  return timestampOfMs(Number(ns.slice(0, -6)), Number(ns.slice(-6)))
}
