// Sums of records or bytes of each stream, told from counts and not from lines where these suffice.
import type { AggregateRequest, Series } from '../../../record/aggregate-request.js'
import type { LabelCondition } from '../../../record/scan-request.js'
import type { Timestamp } from '../../../record/time.js'
import type { Asked } from './loki-route.js'

/** More streams than a day and tenant may have. */
export const MOST_STREAMS = 100_000

interface Wanted extends Pick<AggregateRequest, 'windows'> {
  readonly of: 'count' | 'bytes'
  readonly where: readonly LabelCondition[]
  readonly from: Timestamp
  readonly to: Timestamp
  /** Labels that a sum is made for; absent: all, so that every stream has its own. */
  readonly names?: readonly string[]
}

export async function streamSums(asked: Asked, wanted: Wanted): Promise<readonly Series[]> {
  const { scanner, options } = asked
  const { of, where, from, to, windows } = wanted
  const names = wanted.names ?? Object.keys(await scanner.labels({ from, to, where }))
  const by = names.map((name) => ({ view: 'label' as const, name }))
  const request = { where, from, to, windows, measure: { kind: of }, group: { by }, maxSeries: MOST_STREAMS }
  return (await scanner.aggregate(request, options)).series
}

export function total(series: readonly Series[]): number {
  return series.reduce((sum, { points }) => points.reduce((of, [, value]) => of + value, sum), 0)
}
