// Values of templates as Go has them: an int is a bigint, a float64 a number, and nothing is an object of JavaScript
// whose own names could be reached.
import type { GoTime } from '../go/time.js'
import { formatTime, isTime } from '../go/time.js'
import { formatFloat } from '../go/number.js'

/** The labels that a template sees as `.`. */
export interface TemplateLabels {
  /** The empty text where there is no such label. */
  get(name: string): string
  names(): Iterable<string>
}

/** `.`, in a box that tells it from other values. */
export class Dot {
  constructor(readonly labels: TemplateLabels) {}
}

export type Value =
  undefined | boolean | string | bigint | number | GoTime | Dot | Value[] | Map<string, Value>

/** Thrown inside the room: the template cannot go on for this entry. */
export class TemplateFailure extends Error {}

/** The name of the type in messages. */
export function typeName(value: Value): string {
  if (value === undefined) return 'nil'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'string') return 'string'
  if (value instanceof Dot) return 'map[string]string'
  if (value instanceof Map) return 'map[string]interface {}'
  return isTime(value) ? 'time.Time' : '[]interface {}'
}

/** What `if` and `default` take for true: anything but zero, empty or nothing. */
export function isTrue(value: Value): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true
  if (typeof value === 'bigint') return value !== 0n
  if (typeof value === 'number') return value !== 0
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0
  if (value instanceof Dot) return !value.labels.names()[Symbol.iterator]().next().done
  return value instanceof Map ? value.size > 0 : true
}

/** `%v` */
export function show(value: Value): string {
  if (typeof value === 'string') return value
  if (value === undefined) return '<no value>'
  if (typeof value === 'number') return formatFloat(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Dot) return showMap(dotEntries(value))
  if (value instanceof Map) return showMap([...value])
  if (isTime(value)) return formatTime(value, '2006-01-02 15:04:05.999999999 -0700 MST')
  return `[${value.map(showInside).join(' ')}]`
}

function showInside(value: Value): string {
  return value === undefined ? '<nil>' : show(value)
}

function showMap(entries: readonly (readonly [string, Value])[]): string {
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `map[${sorted.map(([name, value]) => `${name}:${showInside(value)}`).join(' ')}]`
}

export function dotEntries({ labels }: Dot): [string, string][] {
  return [...labels.names()].map((name) => [name, labels.get(name)])
}

/** What `.name` gives. A missing key is nothing; of the labels, the empty text. */
export function fieldOf(value: Value, name: string): Value {
  if (value instanceof Dot) return value.labels.get(name)
  if (value instanceof Map) return value.get(name)
  if (value === undefined) throw new TemplateFailure(`nil data; no entry for key "${name}"`)
  throw new TemplateFailure(`can't evaluate field ${name} in type ${typeName(value)}`)
}
