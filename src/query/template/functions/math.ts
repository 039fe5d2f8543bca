// Arithmetic of the sprig library: whole numbers of 64 bits that wrap, and decimals that are exact before they become
// floats again. Anything may be an argument; what is no number counts as zero.
import { Decimal, decimalOf } from '../../go/decimal.js'
import { parseFloat64 } from '../../go/number.js'
import { TemplateFailure, type Value } from '../value.js'
import type { FunctionTable, TemplateFunction } from './function.js'

export const MATH_FUNCTIONS: FunctionTable = {
  int: { parameters: ['any'], run: ([value]) => toInt(value) },
  float64: { parameters: ['any'], run: ([value]) => toFloat(value) },
  add: whole(0, (a, b) => a + b),
  sub: exactly(2, (a, b) => a - b),
  mul: whole(1, (a, b) => a * b),
  div: exactly(2, (a, b) => a / nonZero(b)),
  mod: exactly(2, (a, b) => a % nonZero(b)),
  max: whole(1, (a, b) => (a > b ? a : b)),
  min: whole(1, (a, b) => (a < b ? a : b)),
  addf: decimal(0, (a, b) => a.plus(b)),
  subf: decimal(1, (a, b) => a.minus(b)),
  mulf: decimal(1, (a, b) => a.times(b)),
  divf: decimal(1, (a, b) => {
    if (b.isZero) throw new TemplateFailure('decimal division by 0')
    return a.dividedBy(b)
  }),
  maxf: floating((values) => values.reduce((a, b) => Math.max(a, b))),
  minf: floating((values) => values.reduce((a, b) => Math.min(a, b))),
  ceil: { parameters: ['any'], run: ([value]) => Math.ceil(toFloat(value)) },
  floor: { parameters: ['any'], run: ([value]) => Math.floor(toFloat(value)) },
  round: {
    parameters: ['any', 'int'],
    rest: 'float',
    run: ([value, places, up]) =>
      rounded(toFloat(value), Number(places), up === undefined ? 0.5 : Number(up)),
  },
}

function whole(least: 0 | 1, combine: (a: bigint, b: bigint) => bigint): TemplateFunction {
  return {
    parameters: least === 1 ? ['any'] : [],
    rest: 'any',
    run: (values) => {
      const [first = 0n, ...rest] = values.map(toInt)
      return rest.reduce((a, b) => BigInt.asIntN(64, combine(a, b)), first)
    },
  }
}

function exactly(count: number, combine: (a: bigint, b: bigint) => bigint): TemplateFunction {
  return {
    parameters: Array.from({ length: count }, () => 'any'),
    run: ([a, b]) => BigInt.asIntN(64, combine(toInt(a), toInt(b))),
  }
}

function nonZero(value: bigint): bigint {
  if (value === 0n) throw new TemplateFailure('runtime error: integer divide by zero')
  return value
}

function decimal(least: 0 | 1, combine: (a: Decimal, b: Decimal) => Decimal): TemplateFunction {
  return {
    parameters: least === 1 ? ['any'] : [],
    rest: 'any',
    run: (values) => {
      const [first = decimalOf(0), ...rest] = values.map((value) => decimalOf(finite(toFloat(value))))
      return rest.reduce(combine, first).toNumber()
    },
  }
}

function finite(value: number): number {
  if (!Number.isFinite(value)) throw new TemplateFailure('cannot create a Decimal from NaN or infinity')
  return value
}

function floating(combine: (values: number[]) => number): TemplateFunction {
  return { parameters: ['any'], rest: 'any', run: (values) => combine(values.map(toFloat)) }
}

function rounded(value: number, places: number, up: number): number {
  const power = 10 ** places
  const digit = power * value
  return (digit - Math.trunc(digit) >= up ? Math.ceil(digit) : Math.floor(digit)) / power
}

const WHOLE = /^[+-]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|\d+)$/

/** As the cast library does: a text must be a whole number, `2.0` included. */
function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number')
    return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n
  if (typeof value !== 'string' || value.length > 30) return 0n
  const text = value.replace(/\.0*$/, '')
  if (!WHOLE.test(text)) return 0n
  const digits = text.replace(/^[+-]/, '').replace(/^0(?=[0-7])/, '0o')
  const integer = text.startsWith('-') ? -BigInt(digits) : BigInt(digits)
  return BigInt.asIntN(64, integer) === integer ? integer : 0n
}

function toFloat(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return 0
  const float = parseFloat64(value)
  return typeof float === 'number' ? float : 0
}
