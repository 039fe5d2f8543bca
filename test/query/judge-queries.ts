// Compares what queries answer with what the judge makes of the same records.
import { expect } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import type { MetricQuery } from '#logctl/query/ast.js'
import { parse } from '#logctl/query/parse.js'
import type { MetricResult } from '#logctl/query/result.js'
import { runLog } from '#logctl/query/run-log.js'
import type { LogEntry, LogRequest } from '#logctl/query/run-log.js'
import { runMetric } from '#logctl/query/run-metric.js'
import type { MetricRequest } from '#logctl/query/run-metric.js'
import type { StoredRecord } from '#logctl/record/record.js'
import type { Scanner } from '#logctl/record/scanner.js'
import type { Timestamp } from '#logctl/record/time.js'
import { timestampOfNs } from '#logctl/record/time.js'
import { START_NS } from './arbitrary-query.js'
import type { When } from './arbitrary-query.js'
import type { SeenErrors } from './naive-metric.js'
import { naiveEntries, naiveMetric } from './naive-metric.js'
import type { NaiveSample } from './naive-vectors.js'
import { byLabels, refuse } from './naive-vectors.js'

function momentOf(seconds: number): Timestamp {
  return timestampOfNs(START_NS + BigInt(seconds) * 1_000_000_000n) as Timestamp
}

export function requestOf(when: When): MetricRequest {
  if (when.at !== undefined) return { at: momentOf(when.at) }
  const { from, steps, stepSeconds } = when
  return {
    from: momentOf(from),
    to: momentOf(from + steps * stepSeconds),
    stepNs: BigInt(stepSeconds) * 1_000_000_000n,
  }
}

/** Fails where the answer, or the code of the error, is another than the judge's; `unseen` are errors of parsers. */
export async function judgeMetric(
  scanner: Scanner,
  records: readonly StoredRecord[],
  { query, when }: { readonly query: string; readonly when: When },
): Promise<'answered' | 'empty' | 'refused' | 'unseen'> {
  const tree = parse(query) as MetricQuery
  const wanted = await outcome(async () => naiveAnswer(records, tree, { when }))
  const unordered = !sorts(tree) && sortsBelow(tree)
  const found = await outcome(async () => {
    const answer = flat(await runMetric(scanner, tree, requestOf(when)))
    return unordered ? answer.toSorted() : answer
  })
  if (unordered && 'answer' in wanted) wanted.answer.sort()
  if ('error' in wanted && 'answer' in found) {
    const lenient = naiveAnswer(records, tree, { when, errors: 'none of parsers' })
    if (unordered) lenient.sort()
    expect({ query, when, found: rounded(found) }).toEqual({
      query,
      when,
      found: rounded({ answer: lenient }),
    })
    return 'unseen'
  }
  const same = JSON.stringify(rounded(found)) === JSON.stringify(rounded(wanted))
  if (!same) expect({ query, when, found }).toEqual({ query, when, found: wanted })
  if ('error' in wanted) return 'refused'
  return wanted.answer.length > 0 ? 'answered' : 'empty'
}

type Flat = [labels: string, timeMs: number, value: number][]
type Outcome<T> = { readonly answer: T } | { readonly error: string }

async function outcome<T>(run: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { answer: await run() }
  } catch (thrown) {
    if (thrown instanceof LogctlError) return { error: thrown.code }
    throw thrown
  }
}

function flat(result: MetricResult): Flat {
  if (result.type === 'scalar') return [['scalar', result.timeMs, result.value]]
  if (result.type === 'vector')
    return result.samples.map(({ labels, value }) => [text(labels), result.timeMs, value])
  return result.series.flatMap(({ labels, timesMs, values }) =>
    timesMs.map((timeMs, i): Flat[number] => [text(labels), timeMs, values[i] ?? Number.NaN]),
  )
}

function text(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).toSorted())
}

function naiveAnswer(
  records: readonly StoredRecord[],
  tree: MetricQuery,
  { when, errors }: { readonly when: When; readonly errors?: SeenErrors },
): Flat {
  const { from, steps, stepSeconds } =
    when.at === undefined ? when : { from: when.at, steps: 0, stepSeconds: 1 }
  const found: (NaiveSample & { timeMs: number })[] = []
  for (let step = 0; step <= steps; step++) {
    const seconds = from + step * stepSeconds
    const timeMs = Number(START_NS / 1_000_000n) + seconds * 1000
    const value = naiveMetric(records, tree, {
      ns: START_NS + BigInt(seconds) * 1_000_000_000n,
      ...(errors && { errors }),
    })
    if (typeof value === 'number' && when.at !== undefined) return [['scalar', timeMs, value]]
    const samples = typeof value === 'number' ? [{ labels: {}, value }] : value
    if (new Set(samples.map(({ labels }) => text(labels))).size < samples.length) refuse()
    found.push(...samples.map(({ labels, value }) => ({ labels, value, timeMs })))
  }
  const ordered =
    when.at !== undefined && sorts(tree)
      ? found
      : found.toSorted((a, b) => byLabels(a, b) || a.timeMs - b.timeMs)
  return ordered.map(({ labels, timeMs, value }) => [text(labels), timeMs, value])
}

/** Where a sort stands deeper in the tree, the order of the answer is nobody's promise. */
function sorts(tree: MetricQuery): boolean {
  return tree.kind === 'vector-aggregation' && (tree.op === 'sort' || tree.op === 'sort_desc')
}

function sortsBelow(tree: unknown): boolean {
  return /"op":"sort/.test(
    JSON.stringify(tree, (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
  )
}

/** Nine digits count; sums in another order differ in the last ones. */
function rounded(outcome: Outcome<Flat>): unknown {
  if ('error' in outcome) return outcome
  return outcome.answer.map(([labels, timeMs, value]) => {
    if (!Number.isFinite(value)) return [labels, timeMs, String(value)]
    const digits = Number(value.toPrecision(9))
    return [labels, timeMs, Math.abs(digits) < 1e-12 ? 0 : digits]
  })
}

/** Fails where other entries, other labels or another order come than from the judge. */
export async function judgeLog(
  scanner: Scanner,
  records: readonly StoredRecord[],
  { query, request }: { readonly query: string; readonly request: LogRequest },
): Promise<void> {
  const tree = parse(query)
  if (tree.kind !== 'log') throw new Error(`${query} is no log query`)
  const inTime = records.filter(
    ({ timestamp }) =>
      (request.from === undefined || timestamp >= request.from) &&
      (request.to === undefined || timestamp < request.to),
  )
  const wanted = naiveEntries(inTime, tree)
  if (request.direction === 'backward') wanted.reverse()
  const found: LogEntry[] = []
  for await (const piece of runLog(scanner, tree, request)) found.push(...piece)
  expect({ query, found: found.map((one) => [one.sequence, one.line, one.labels]) }).toEqual({
    query,
    found: wanted.slice(0, request.limit).map((entry) => [
      entry.sequence,
      entry.line,
      {
        stream: entry.labels('stream'),
        metadata: entry.labels('metadata'),
        parsed: entry.labels('parsed'),
      },
    ]),
  })
}
