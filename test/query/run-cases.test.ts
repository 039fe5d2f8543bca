// Each file of test/cases/query/run holds records, a metric query and its answer; seconds are since 09:00.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseMetric } from '#logctl/query/parse.js'
import { type MetricResult, formatValue } from '#logctl/query/result.js'
import { runMetric } from '#logctl/query/run-metric.js'
import { labelsText } from '#logctl/query/sample.js'
import type { Labels } from '#logctl/record/labels.js'
import type { LogRecord, Scalar } from '#logctl/record/record.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { memoryScanner } from '../laws/memory-scanner.js'

interface Case {
  readonly records: readonly [
    seconds: number,
    labels: Labels,
    line: string,
    fields?: Record<string, Scalar>,
  ][]
  readonly query: string
  readonly at?: number
  readonly from?: number
  readonly to?: number
  readonly step?: number
  readonly answer?: unknown
  readonly scalar?: string
  readonly error?: readonly [code: string, message: string]
  /** So many digits are compared; all where absent. */
  readonly digits?: number
}

const FOLDER = join(import.meta.dirname, '../cases/query/run')
const START_MS = Date.UTC(2025, 0, 11, 9)

test.each(readdirSync(FOLDER))('%s', async (file) => {
  const one = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Case
  const scanner = memoryScanner()
  scanner.append(...one.records.map(recordOf))
  const running = runMetric(scanner, parseMetric(one.query), requestOf(one))
  if (one.error) {
    const [code, message] = one.error
    await expect(running).rejects.toMatchObject({ code, message })
  } else expect(plain(await running, one.digits)).toEqual(one.scalar ?? one.answer)
})

function recordOf([seconds, labels, line, fields = {}]: Case['records'][number]): LogRecord {
  return { timestamp: moment(seconds), tenant: 'none', labels, level: 'info', line, fields }
}

function moment(seconds: number): LogRecord['timestamp'] {
  return timestampOfMs(START_MS + seconds * 1000)
}

function requestOf({ at, from = 0, to = 0, step = 0 }: Case): Parameters<typeof runMetric>[2] {
  if (at !== undefined) return { at: moment(at) }
  return { from: moment(from), to: moment(to), stepNs: BigInt(step) * 1_000_000_000n }
}

function plain(result: MetricResult, digits?: number): unknown {
  const text = (value: number): string =>
    formatValue(digits === undefined ? value : Number(value.toPrecision(digits)))
  if (result.type === 'scalar') return text(result.value)
  if (result.type === 'vector')
    return result.samples.map(({ labels, value }) => [labelsText(labels), text(value)])
  return result.series.map(({ labels, timesMs, values }) => [
    labelsText(labels),
    timesMs.map((timeMs, i) => [(timeMs - START_MS) / 1000, text(values[i] ?? Number.NaN)]),
  ])
}
