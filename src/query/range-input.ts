// Reads the records of range aggregations that share their log query, once and in the order of time, runs the
// pipeline over them and gives what comes out to the windows that hold it.
import type { StoredRecord } from '../record/record.js'
import type { ScanRequest } from '../record/scan-request.js'
import type { ScanOptions, Scanner } from '../record/scanner.js'
import type { Meter } from './limits.js'
import { stopIfAborted } from './limits.js'
import type { RangePlan } from './plan.js'
import { openWindows } from './range-windows.js'
import type { Sample } from './sample.js'
import { compileSampler } from './sampler.js'
import { nearestTimestamp, scanBounds, stepNs } from './steps.js'
import type { Steps } from './steps.js'

/** What a metric query reads from, and how. */
export interface Reading {
  readonly scanner: Scanner
  readonly scope: Pick<ScanRequest, 'tenants' | 'sequenceUpTo'>
  readonly steps: Steps
  readonly meter: Meter
  readonly options: ScanOptions
}

/** Where the samples of some range aggregations come from; steps are asked for in order. */
export interface RangeInput {
  /** Reads up to the end of the step's windows. */
  advance(step: number): Promise<void>
  /** Of the step that was advanced to. */
  at(range: RangePlan, step: number): readonly Sample[]
  close(): Promise<void>
}

/** The ranges have the same `input`. */
export function openRangeInput(ranges: readonly RangePlan[], reading: Reading): RangeInput {
  const { steps, meter } = reading
  const { offsetNs } = (ranges[0] as RangePlan).windows
  const windows = new Map(ranges.map((range) => [range, openWindows(range.windows, steps, meter)]))
  const take = compileSampler(ranges, [...windows.values()])
  const pieces = readPieces(ranges, reading)[Symbol.asyncIterator]()
  let piece: readonly StoredRecord[] = []
  let next = 0

  async function advance(step: number): Promise<void> {
    const end = nearestTimestamp(stepNs(steps, step) - offsetNs)
    for (;;) {
      for (; next < piece.length; next++) {
        const record = piece[next] as StoredRecord
        if (record.timestamp > end) return
        meter.read(record.line.length)
        take(record, step)
        await meter.pause()
      }
      stopIfAborted(reading.options.signal)
      const read = await pieces.next()
      if (read.done) return
      piece = read.value
      next = 0
    }
  }

  return {
    advance,
    at: (range, step) => windows.get(range)?.at(step) ?? [],
    async close() {
      await pieces.return?.(undefined)
    },
  }
}

/** Gaps between windows that are this much longer than the windows are not read. */
const WORTH_SKIPPING = 4n
const MOST_SCANS = 1000

async function* readPieces(
  ranges: readonly RangePlan[],
  { scanner, scope, steps, options }: Reading,
): AsyncGenerator<readonly StoredRecord[]> {
  const { pushed, windows } = ranges[0] as RangePlan
  const { offsetNs } = windows
  const rangeNs = ranges.reduce((most, { windows }) => (windows.rangeNs > most ? windows.rangeNs : most), 0n)
  const request = { ...scope, where: pushed.where, direction: 'forward' } as const
  const apart = steps.stepNs > rangeNs * WORTH_SKIPPING && steps.count <= MOST_SCANS
  const stretches = apart ? steps.count : 1
  for (let i = 0; i < stretches; i++) {
    const first = stepNs(steps, i) - offsetNs
    const last = apart ? first : stepNs(steps, steps.count - 1) - offsetNs
    yield* scanner.scan({ ...request, ...scanBounds(first - rangeNs, last) }, options)
  }
}
