// Functions of text/template and sprig on what has parts, and `default`.
import { bytesOf, sliceBytes } from '../../go/utf8.js'
import { Dot, TemplateFailure, type Value, dotEntries, fieldOf, isTrue, typeName } from '../value.js'
import type { FunctionTable } from './function.js'

export const COLLECTION_FUNCTIONS: FunctionTable = {
  len: { parameters: ['any'], run: ([value]) => BigInt(lengthOf(value)) },
  index: { parameters: ['any'], rest: 'any', run: ([value, ...places]) => places.reduce(itemOf, value) },
  slice: { parameters: ['any'], rest: 'any', run: ([value, ...bounds]) => part(value, bounds) },
  default: {
    parameters: ['any'],
    rest: 'any',
    run: ([fallback, value]) => (isTrue(value) ? value : fallback),
  },
  fromJson: { parameters: ['string'], run: ([text]) => fromJson(text as string) },
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return bytesOf(value)
  if (Array.isArray(value)) return value.length
  if (value instanceof Map) return value.size
  if (value instanceof Dot) return dotEntries(value).length
  throw new TemplateFailure(value === undefined ? 'len of nil pointer' : `len of type ${typeName(value)}`)
}

function itemOf(value: Value, place: Value): Value {
  if (value instanceof Map || value instanceof Dot) {
    if (typeof place === 'string') return fieldOf(value, place)
    throw new TemplateFailure(`value has type ${typeName(place)}; should be string`)
  }
  if (value === undefined) throw new TemplateFailure('index of untyped nil')
  if (!Array.isArray(value) && typeof value !== 'string')
    throw new TemplateFailure(`can't index item of type ${typeName(value)}`)
  const at = placeOf(place, lengthOf(value) - 1)
  return Array.isArray(value) ? value[at] : BigInt(Buffer.from(value)[at] ?? 0)
}

function placeOf(place: Value, most: number): number {
  if (typeof place !== 'bigint')
    throw new TemplateFailure(`cannot index slice/array with type ${typeName(place)}`)
  if (place < 0n || place > BigInt(most)) throw new TemplateFailure(`index out of range: ${place}`)
  return Number(place)
}

function part(value: Value, [first, last, capacity]: Value[]): Value {
  if (!Array.isArray(value) && typeof value !== 'string')
    throw new TemplateFailure(`can't slice item of type ${typeName(value)}`)
  if (capacity !== undefined) throw new TemplateFailure('cannot 3-index slice here')
  const size = lengthOf(value)
  const from = first === undefined ? 0 : placeOf(first, size)
  const to = last === undefined ? size : placeOf(last, size)
  if (from > to) throw new TemplateFailure(`invalid slice index: ${from} > ${to}`)
  return Array.isArray(value) ? value.slice(from, to) : sliceBytes(value, from, to)
}

/** Nothing for a text that is not JSON. */
function fromJson(text: string): Value {
  try {
    return valueOf(JSON.parse(text))
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    // So deep that the stack ends.
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

function valueOf(json: unknown): Value {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') return json
  if (Array.isArray(json)) return json.map(valueOf)
  if (typeof json !== 'object' || json === null) return undefined
  return new Map(Object.entries(json).map(([name, value]) => [name, valueOf(value)]))
}
