// How numbers become one number, a piece at a time: what is added to, what pieces are joined to, and the end value.
import type { Measure } from './aggregate-request.js'
import { type Timestamp } from './time.js'

/** What has been folded so far; of one kind for each measure. */
export type Folded =
  | { readonly kind: 'total'; readonly value: number }
  | { readonly kind: 'moments'; readonly count: number; readonly mean: number; readonly squares: number }
  | {
      readonly kind: 'ordered'
      readonly timestamp: Timestamp
      readonly sequence: number
      readonly value: number
    }
  | { readonly kind: 'samples'; readonly values: readonly number[] }

export interface Moment {
  readonly timestamp: Timestamp
  readonly sequence: number
}

export interface Fold {
  /** Of one number. */
  one(value: number, at: Moment): Folded
  join(a: Folded, b: Folded): Folded
  end(folded: Folded): number
}

/** Throws a TypeError where folded pieces are of another measure. */
export function foldOf(measure: Measure): Fold {
  switch (measure.kind) {
    case 'count':
    case 'bytes':
    case 'sum':
      return totalFold((a, b) => a + b)
    case 'min':
      return totalFold((a, b) => (a < b || Number.isNaN(b) ? a : b))
    case 'max':
      return totalFold((a, b) => (a > b || Number.isNaN(b) ? a : b))
    case 'avg':
      return momentsFold(({ mean }) => mean)
    case 'stdvar':
      return momentsFold(({ count, squares }) => squares / count)
    case 'stddev':
      return momentsFold(({ count, squares }) => Math.sqrt(squares / count))
    case 'first':
      return orderedFold((a, b) => isBefore(a, b))
    case 'last':
      return orderedFold((a, b) => isBefore(b, a))
    case 'quantile':
      return samplesFold(measure.q)
  }
}

type Of<Kind extends Folded['kind']> = Extract<Folded, { kind: Kind }>

function as<Kind extends Folded['kind']>(folded: Folded, kind: Kind): Of<Kind> {
  if (folded.kind !== kind) throw new TypeError(`folded ${folded.kind} is not ${kind}`)
  return folded as Of<Kind>
}

function totalFold(join: (a: number, b: number) => number): Fold {
  return {
    one: (value) => ({ kind: 'total', value }),
    join: (a, b) => ({ kind: 'total', value: join(as(a, 'total').value, as(b, 'total').value) }),
    end: (folded) => as(folded, 'total').value,
  }
}

/** Chan, Golub and LeVeque: moments of two samples joined without the loss of taking squares apart. */
function momentsFold(end: (moments: Of<'moments'>) => number): Fold {
  return {
    // What is infinite has no distance from its mean.
    one: (value) => ({ kind: 'moments', count: 1, mean: value, squares: value - value }),
    join: (one, other) => {
      const [a, b] = [as(one, 'moments'), as(other, 'moments')]
      const count = a.count + b.count
      const apart = b.mean - a.mean
      return {
        kind: 'moments',
        count,
        mean: Number.isFinite(apart) ? a.mean + (apart * b.count) / count : a.mean + b.mean,
        squares: a.squares + b.squares + (apart * apart * a.count * b.count) / count,
      }
    },
    end: (folded) => end(as(folded, 'moments')),
  }
}

function isBefore(a: Moment, b: Moment): boolean {
  return a.timestamp === b.timestamp ? a.sequence < b.sequence : a.timestamp < b.timestamp
}

function orderedFold(wins: (a: Of<'ordered'>, b: Of<'ordered'>) => boolean): Fold {
  return {
    one: (value, { timestamp, sequence }) => ({ kind: 'ordered', timestamp, sequence, value }),
    join: (one, other) => {
      const [a, b] = [as(one, 'ordered'), as(other, 'ordered')]
      return wins(a, b) ? a : b
    },
    end: (folded) => as(folded, 'ordered').value,
  }
}

function samplesFold(q: number): Fold {
  return {
    one: (value) => ({ kind: 'samples', values: [value] }),
    join: (a, b) => ({ kind: 'samples', values: as(a, 'samples').values.concat(as(b, 'samples').values) }),
    end: (folded) => quantileOf(as(folded, 'samples').values, q),
  }
}

/** As Prometheus' `quantile_over_time`: NaN stands before all numbers. */
export function quantileOf(values: readonly number[], q: number): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  // Typed arrays sort as numbers, NaN last; from there it comes to the front.
  const sorted = Float64Array.from(values).sort()
  const numbers = sorted.findIndex((value) => Number.isNaN(value))
  const missing = numbers < 0 ? 0 : sorted.length - numbers
  const at = (rank: number): number => (rank < missing ? Number.NaN : (sorted[rank - missing] ?? Number.NaN))
  const rank = q * (sorted.length - 1)
  const lower = Math.floor(rank)
  const weight = rank - lower
  return at(lower) * (1 - weight) + at(Math.min(sorted.length - 1, lower + 1)) * weight
}
