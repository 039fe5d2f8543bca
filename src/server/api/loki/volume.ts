// /loki/api/v1/index/volume and volume_range: bytes of lines by labels, at once or step by step, largest first. The
// names of labels are those of `targetLabels`, else those that the selector speaks of.
import { fail } from '../../../errors.js'
import { nearestTimestamp } from '../../../query/steps.js'
import type { Series, Windows } from '../../../record/aggregate-request.js'
import type { Labels } from '../../../record/labels.js'
import { labelsKey } from '../../../record/labels.js'
import type { LabelCondition } from '../../../record/scan-request.js'
import { warningsJson } from './log-answer.js'
import type { Asked } from './loki-route.js'
import { beyond, lokiRoutes } from './loki-route.js'
import { matchersOf, selectiveMatchers } from './matchers.js'
import type { TimeRange } from './parameters.js'
import { boundsOf, floorTo, limit, step, timeRange } from './parameters.js'
import { sendPieces } from './send.js'
import { streamSums } from './stream-sums.js'

export const volumeRoutes = [
  ...lokiRoutes(['/loki/api/v1/index/volume'], (asked) => volume(asked, false)),
  ...lokiRoutes(['/loki/api/v1/index/volume_range'], (asked) => volume(asked, true)),
]

const MOST_STEPS = 11_000n
const MS = 1_000_000n

interface Volume {
  readonly labels: Labels
  /** By number of the window. */
  readonly bytes: Map<number, number>
}

async function volume(asked: Asked, stepped: boolean): Promise<void> {
  const { parameters, nowNs } = asked
  const selector = parameters.get('query') ?? ''
  const all = selector.replace(/\s/g, '') === '{}'
  const matchers = all ? matchersOf(selector) : selectiveMatchers(selector)
  const most = limit(parameters)
  const range = timeRange(parameters, nowNs)
  const byName = aggregatesByName(parameters)
  const targets = (parameters.get('targetLabels') ?? '').split(',').filter((name) => name !== '')
  const names = targets.length > 0 ? targets : all ? undefined : matchers.map(({ name }) => name)
  const windows = stepped ? windowsOf(range, step(parameters, range)) : undefined
  const series = await asked.inTurn('light', () =>
    streamSums(asked, {
      of: 'bytes',
      where: [...matchers, ...present(targets, matchers)],
      ...boundsOf(range),
      ...(names ? { names: [...new Set(names)] } : {}),
      windows,
    }),
  )
  const volumes = largest(byName ? sumByName(series) : series.map(volumeOf), most)
  await sendPieces(
    asked,
    pieces(asked, volumes, (window) => endMs(range, windows, window)),
  )
}

/** A stream without a target label does not count. */
function present(targets: readonly string[], matchers: readonly LabelCondition[]): LabelCondition[] {
  return targets
    .filter((name) => matchers.every((matcher) => matcher.name !== name))
    .map((name) => ({ kind: 'label', name, op: '=~', value: '.+' }))
}

function aggregatesByName(parameters: URLSearchParams): boolean {
  const text = parameters.get('aggregateBy') || 'series'
  return (
    text === 'labels' || (text === 'series' ? false : fail('QUERY_INVALID', 'invalid aggregation option'))
  )
}

/** Steps begin at whole multiples of their length; the first and the last are cut to the range. */
function windowsOf({ fromNs, toNs }: TimeRange, stepNs: bigint): Windows {
  const start = floorTo(fromNs, stepNs)
  const count = (toNs - start + stepNs - 1n) / stepNs
  if (count > MOST_STEPS)
    throw beyond(
      'exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter',
    )
  const first = nearestTimestamp(start + stepNs - 1n)
  return { first, stepNs, rangeNs: stepNs, count: Math.max(1, Number(count)) }
}

/** Loki dates a step by its last millisecond. */
function endMs({ fromNs, toNs }: TimeRange, windows: Windows | undefined, window: number): number {
  if (!windows) return Number(toNs / MS)
  const end = floorTo(fromNs, windows.stepNs) + windows.stepNs * BigInt(window + 1)
  return Number((end < toNs ? end - MS : toNs) / MS)
}

function volumeOf({ labels, points }: Series): Volume {
  return { labels, bytes: new Map(points) }
}

function sumByName(series: readonly Series[]): Volume[] {
  const byName = new Map<string, Volume>()
  for (const { labels, points } of series)
    for (const name of Object.keys(labels)) {
      const known = byName.get(name) ?? { labels: { [name]: '' }, bytes: new Map<number, number>() }
      byName.set(name, known)
      for (const [window, value] of points) known.bytes.set(window, (known.bytes.get(window) ?? 0) + value)
    }
  return [...byName.values()]
}

function largest(volumes: readonly Volume[], most: number): Volume[] {
  return volumes
    .map((one) => ({ one, sum: [...one.bytes.values()].reduce((a, b) => a + b, 0) }))
    .sort((a, b) => b.sum - a.sum || (labelsKey(a.one.labels) < labelsKey(b.one.labels) ? -1 : 1))
    .slice(0, most)
    .map(({ one }) => one)
}

function* pieces(
  asked: Asked,
  volumes: readonly Volume[],
  timeMs: (window: number) => number,
): Generator<string> {
  const stepped = asked.exchange.path.endsWith('_range')
  yield `{"status":"success","data":{"resultType":"${stepped ? 'matrix' : 'vector'}","result":[`
  for (const [at, { labels, bytes }] of volumes.entries()) {
    const points = [...bytes]
      .sort(([a], [b]) => a - b)
      .map(([window, sum]) => [timeMs(window) / 1000, String(sum)])
    const value = stepped ? { values: points } : { value: points[0] }
    yield `${at === 0 ? '' : ','}${JSON.stringify({ metric: labels, ...value })}`
  }
  yield `],"stats":${JSON.stringify(asked.stats(0))}}${warningsJson(asked)}}`
}
