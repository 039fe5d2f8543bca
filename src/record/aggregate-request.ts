// What a reader may ask to be counted or calculated, by names and by windows of time, and the table that answers it.
import { fail } from '../errors.js'
import type { NumberReading, ScanRequest } from './scan-request.js'
import type { Timestamp } from './time.js'

/**
 * A name and the view in which it is looked up. `stream` is what matchers see: a label, `detected_level`, and for
 * `tenant` and `level` what the record is filed under where there is no such label. `entry` is what LogQL's label
 * filters and groupings see: a label, `detected_level`, or a field as text. `label` is a label and nothing else.
 */
export interface ViewedName {
  readonly view: 'stream' | 'entry' | 'label'
  readonly name: string
}

/** Each series has the names listed, or every name in the entry's view but those. Empty values count as missing. */
export type Grouping = { readonly by: readonly ViewedName[] } | { readonly without: readonly string[] }

/** Window number i ends at `first` + i × `stepNs`, inclusive, and began `rangeNs` before that, exclusive. */
export interface Windows {
  readonly first: Timestamp
  readonly stepNs: bigint
  /** May be longer than a step (windows overlap) or shorter (there are gaps). */
  readonly rangeNs: bigint
  readonly count: number
}

/**
 * The numbers that are calculated with: values in the entry's view. Records where the name is missing or empty do
 * not count. One whose value cannot be read is left out where `dropped`, and makes the answer `unreadable` where
 * `kept`.
 */
export interface NumberSource {
  readonly name: string
  readonly reading: NumberReading
  readonly unreadable: 'kept' | 'dropped'
}

/** `bytes` are those of lines, as UTF-8. */
export type Measure =
  | { readonly kind: 'count' | 'bytes' }
  | {
      readonly kind: 'sum' | 'avg' | 'min' | 'max' | 'stddev' | 'stdvar' | 'first' | 'last'
      readonly of: NumberSource
    }
  /** Linear between the two values around it, as Prometheus has it; below 0 it is -Inf, above 1 +Inf. */
  | { readonly kind: 'quantile'; readonly q: number; readonly of: NumberSource }

export interface AggregateRequest extends Omit<ScanRequest, 'direction' | 'limit'> {
  readonly measure: Measure
  readonly group: Grouping
  /**
   * Names in the entry's view that a record must have: one that all conditions let through and that lacks one of them
   * makes the answer `unreadable`, for a parser of LogQL's might find the name in its line.
   */
  readonly sent?: readonly string[] | undefined
  /**
   * `json`: only records whose line LogQL's `json` parser reads without an error count; one of which that is not
   * sure makes the answer `unreadable`. See `jsonLine`.
   */
  readonly lines?: 'json' | undefined
  /** Only records in them count; absent: one window, with number 0, from `from` to `to`. */
  readonly windows?: Windows | undefined
  /** More series than this are refused with QUERY_LIMIT. */
  readonly maxSeries: number
}

export interface Series {
  /** In the order of their names, without empty values. */
  readonly labels: Readonly<Record<string, string>>
  /** [number of the window, value], in order; windows without a record are left out. */
  readonly points: readonly (readonly [number, number])[]
}

export interface AggregateAnswer {
  /** In the order of their labels as JSON. */
  readonly series: readonly Series[]
  /**
   * True when a record that all conditions let through had a value that could not be read and was to be kept, or
   * lacked a name of `sent`, or `lines` cannot be told of it: then there are no series, and whoever wants to know more has to scan.
   */
  readonly unreadable: boolean
}

/** Loki gives at most 11,000 points a series. */
const MOST_WINDOWS = 11_000
/** Of the stretches between the borders of windows. */
const MOST_STRETCHES = 1_000_000
/** Points of all series together. */
export const MOST_POINTS = 1_000_000
/** Numbers that are held at once for exact quantiles. */
export const MOST_SAMPLES = 10_000_000

/** Refuses what no store can answer, before anything is read. */
export function checkAggregate({ from, to, group, windows, maxSeries }: AggregateRequest): void {
  if (from !== undefined && to !== undefined && from > to)
    fail('QUERY_INVALID', `the time range ends (${to}) before it begins (${from})`)
  if (!(Number.isInteger(maxSeries) && maxSeries >= 1))
    fail('QUERY_INVALID', `the most series must be a whole number from 1 up, not ${maxSeries}`)
  if ('by' in group && new Set(group.by.map(({ name }) => name)).size < group.by.length)
    fail('QUERY_INVALID', 'a series cannot have a name twice')
  if (windows) checkWindows(windows)
}

function checkWindows({ stepNs, rangeNs, count }: Windows): void {
  if (stepNs <= 0n || rangeNs <= 0n)
    fail('QUERY_INVALID', 'the step and the range of windows must be longer than nothing')
  if (!(Number.isInteger(count) && count >= 1))
    fail('QUERY_INVALID', `the number of windows must be whole and from 1 up, not ${count}`)
  if (count > MOST_WINDOWS)
    fail('QUERY_LIMIT', `${count} windows of time are more than ${MOST_WINDOWS}`, {
      hints: ['take a longer step, or a shorter time'],
    })
  if (count > 1 && rangeNs / stepNs > BigInt(MOST_STRETCHES))
    fail('QUERY_LIMIT', 'the range is more than a million steps', { hints: ['take a longer step'] })
}

export function tooManySeries(maxSeries: number): never {
  return fail('QUERY_LIMIT', `the answer has more than ${maxSeries} series`, {
    hints: ['group by fewer names, or add matchers'],
  })
}
