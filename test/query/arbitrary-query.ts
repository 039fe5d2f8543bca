// Random queries and the records that they are asked of: few names and values, so that things meet and collide, and
// moments on the borders of windows.
import * as fc from 'fast-check'
import { LEVELS } from '#logctl/record/level.js'
import type { LogRecord } from '#logctl/record/record.js'
import { timestampOfNs } from '#logctl/record/time.js'

/** 2025-01-11T09:00:00Z; steps and moments are counted from here. */
export const START_NS = 1_736_586_000_000_000_000n
const SECOND_NS = 1_000_000_000n

const LINES = [
  'boom',
  '',
  'GET /cart took 8ms',
  '{"k":"y","v":3,"status":500}',
  '{"k":"x","n":{"v":"2"},"status":"200"}',
  '{"took":"1.5s"}',
  'v=7 k=y status=404',
  'größe 😀',
]

const fields = fc.dictionary(
  fc.constantFrom('v', 'v', 'k', 'k', 'status', 'took', 'app'),
  fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom<string | number>(0, 1, 2.5, -3, 500, '12') },
    { weight: 2, arbitrary: fc.constantFrom('x', 'y') },
    {
      weight: 1,
      arbitrary: fc.constantFrom<string | number | boolean>('', '2s', '3KB', 'Inf', '-Inf', 'NaN', true),
    },
  ),
  { minKeys: 1, maxKeys: 4 },
)

const labels = fc
  .record({
    app: fc.constantFrom('a', 'b', ''),
    env: fc.constantFrom('x', 'y', ''),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')))

/** Whole seconds and their neighbours. */
const moment = fc
  .tuple(fc.integer({ min: -70, max: 70 }), fc.constantFrom(-1n, 0n, 0n, 1n, 500_000_000n))
  .map(
    ([seconds, ns]) => timestampOfNs(START_NS + BigInt(seconds) * SECOND_NS + ns) as LogRecord['timestamp'],
  )

/** As a door makes them of access logs: without a message, the line is the event's own JSON text. */
const OWN_TEXT = 'own text'

export const queriedRecord: fc.Arbitrary<LogRecord> = fc
  .record({
    timestamp: moment,
    tenant: fc.constantFrom('none', 'shop'),
    labels,
    level: fc.constantFrom(...LEVELS.slice(2, 5)),
    line: fc.oneof(fc.constantFrom(...LINES), fc.constant(OWN_TEXT)),
    fields,
  })
  .map((record): LogRecord => {
    const line =
      record.line === OWN_TEXT ? JSON.stringify({ ...record.labels, ...record.fields }) : record.line
    return Object.assign(record, { line })
  })

export const queriedRecords = fc.array(queriedRecord, { minLength: 1, maxLength: 60, size: 'max' })

/** Where a store may answer for parsers: nothing is missing that queries ask for. */
export const completeRecords = queriedRecords.map((records) =>
  records.map((record): LogRecord => {
    const fields = Object.assign({ v: 1, k: 'x', status: 500 }, record.fields)
    return { ...record, fields, line: record.line.startsWith('{') ? JSON.stringify(fields) : record.line }
  }),
)

const matcher = fc.constantFrom(
  'app="a"',
  'app=~".+"',
  'env!="x"',
  'env="x"',
  'app!~"a"',
  'detected_level="error"',
)
const selector = fc
  .uniqueArray(matcher, { maxLength: 1 })
  .map((some) => `{${[...some, 'app=~"a|b"'].join(', ')}}`)

const lineFilter = fc.constantFrom(
  '|= "o"',
  '|= "k" or "boom"',
  '!= "boom"',
  '|~ "[0-9]+"',
  '!~ "k.?y"',
  '|> "<_>k<_>"',
  '|= "GET" |= "cart"',
)
const PARSED_FILTERS = [
  '| json | status >= 400',
  '| json | status >= 400 or k="x"',
  '| json | v > 1',
  '| json | k="x" and v != 3',
]
const labelFilter = fc.constantFrom(
  ...PARSED_FILTERS,
  '| k="x"',
  '| k!="x"',
  '| k=~"x|y"',
  '| k=~".*x"',
  '| env=""',
  '| app="a" and k="y"',
  '| v > 1',
  '| v <= 2.5 or k="x"',
  '| status >= 400 and k!=""',
  '| took > 1s',
  '| detected_level="error"',
  '| __error__=""',
  '| status >= 400 | __error__=""',
)
const otherStage = fc.constantFrom(
  '| json | __error__=""',
  '| json',
  '| json | drop __error__, __error_details__',
  '| json | v >= 1 | __error__=""',
  '| logfmt',
  '| json k, code="status" | __error__=""',
  '| drop k',
  '| drop k, v, status, took, app, n_v',
  '| keep app, v',
  '| label_format k=env',
  '| line_format "{{.app}} {{.k}}"',
  '| decolorize',
  '| drop __error__, __error_details__',
)
const stages = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: lineFilter },
      { weight: 2, arbitrary: labelFilter },
      { weight: 2, arbitrary: otherStage },
    ),
    { maxLength: 2 },
  )
  .map((all) => all.join(' '))

export const logQuery = fc.tuple(selector, stages).map((parts) => parts.join(' '))

const range = fc.constantFrom('1s', '5s', '7s', '10s', '10s', '30s', '30s', '1m', '1m')
const offset = fc.constantFrom('', '', '', ' offset 5s', ' offset -7s', ' offset 10s')
const grouping = fc.constantFrom(
  '',
  ' by (app)',
  ' by (k, env)',
  ' without (app)',
  ' by ()',
  ' without (v, k)',
  ' by (v, app)',
  ' by (status)',
  ' by (detected_level)',
)
const unwrap = fc.constantFrom(
  '| unwrap v',
  '| unwrap v | __error__=""',
  '| json | unwrap v',
  '| json | unwrap v | __error__=""',
  '| unwrap status | v > 1 | __error__=""',
  '| unwrap duration(took) | __error__=""',
  '| unwrap bytes(v) | __error__=""',
)

const counted = fc
  .tuple(
    fc.constantFrom('rate', 'count_over_time', 'bytes_rate', 'bytes_over_time', 'absent_over_time'),
    logQuery,
    range,
    offset,
  )
  .map(([op, log, range, offset]) => `${op}(${log} [${range}]${offset})`)

const GROUPED = ['avg', 'min', 'max', 'stddev', 'stdvar', 'first', 'last'].map((op) => `${op}_over_time`)
const grouped = fc
  .tuple(fc.constantFrom(...GROUPED), logQuery, unwrap, range, offset, grouping)
  .map(
    ([op, log, unwrap, range, offset, grouping]) => `${op}(${log} ${unwrap} [${range}]${offset})${grouping}`,
  )

const summed = fc
  .tuple(fc.constantFrom('sum_over_time', 'rate', 'rate_counter'), logQuery, unwrap, range, offset)
  .map(([op, log, unwrap, range, offset]) => `${op}(${log} ${unwrap} [${range}]${offset})`)

const quantiles = fc
  .tuple(fc.constantFrom('0.5', '0.99', '0', '1', '2'), logQuery, unwrap, range, grouping)
  .map(
    ([q, log, unwrap, range, grouping]) => `quantile_over_time(${q}, ${log} ${unwrap} [${range}])${grouping}`,
  )

const rangeAggregation = fc.oneof({ weight: 3, arbitrary: counted }, grouped, summed, quantiles)

const VECTOR = ['sum', 'avg', 'min', 'max', 'count', 'stddev', 'stdvar']

function above(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const aggregated = fc
    .tuple(fc.constantFrom(...VECTOR), grouping, inner)
    .map(([op, grouping, of]) => `${op}${grouping} (${of})`)
  const chosen = fc
    .tuple(
      fc.constantFrom('topk', 'bottomk'),
      fc.constantFrom('', ' by (env)'),
      fc.integer({ min: 1, max: 3 }),
      inner,
    )
    .map(([op, grouping, k, of]) => `${op}${grouping} (${k}, ${of})`)
  const sorted = fc.tuple(fc.constantFrom('sort', 'sort_desc'), inner).map(([op, of]) => `${op}(${of})`)
  const replaced = fc
    .tuple(
      inner,
      fc.constantFrom('"k", "$1", "app", "(.)"', '"app", "$1-$2", "env", "(x)(.*)"', '"app", "", "k", ".*"'),
    )
    .map(([of, how]) => `label_replace(${of}, ${how})`)
  const number = fc.constantFrom('2', '0.5', '0', '-1', 'vector(2)', '1')
  const arithmetic = fc.constantFrom('+', '-', '*', '/', '%', '^', '>', '<=', '== bool', '!= bool', '>=')
  const withNumber = fc
    .tuple(inner, arithmetic, number, fc.boolean())
    .map(([of, op, number, swap]) => (swap ? `(${number} ${op} ${of})` : `(${of} ${op} ${number})`))
  const matching = fc.constantFrom(
    '',
    ' on (app)',
    ' ignoring (k)',
    ' on (app) group_left (env)',
    ' ignoring (k) group_right (k)',
    ' on ()',
  )
  const both = fc
    .tuple(inner, arithmetic, matching, inner)
    .map(([left, op, matching, right]) => `(${left} ${op}${matching} ${right})`)
  const sets = fc
    .tuple(
      inner,
      fc.constantFrom('and', 'or', 'unless'),
      fc.constantFrom('', ' on (app)', ' ignoring (k)'),
      inner,
    )
    .map(([left, op, matching, right]) => `(${left} ${op}${matching} ${right})`)
  return fc.oneof(
    { weight: 3, arbitrary: aggregated },
    chosen,
    sorted,
    replaced,
    withNumber,
    { weight: 2, arbitrary: both },
    sets,
  )
}

const low = above(rangeAggregation)
export const metricQuery = fc.oneof(
  { weight: 3, arbitrary: rangeAggregation },
  { weight: 3, arbitrary: low },
  { weight: 2, arbitrary: above(fc.oneof(rangeAggregation, low)) },
)

/** Seconds from START_NS; steps shorter and longer than ranges, and one moment alone. */
export const when = fc.oneof(
  fc.record({
    from: fc.integer({ min: -40, max: 20 }),
    steps: fc.integer({ min: 0, max: 12 }),
    stepSeconds: fc.constantFrom(1, 3, 5, 7, 10, 30),
    at: fc.constant(undefined),
  }),
  fc.record({ at: fc.integer({ min: -30, max: 60 }) }),
)
export type When = { from: number; steps: number; stepSeconds: number; at: undefined } | { at: number }
