// Random trees of whole queries, as parse could have read them; places are left out of comparisons.
import * as fc from 'fast-check'
import {
  BINARY_OPS,
  COMPARISON_OPS,
  LINE_FILTER_OPS,
  MATCHER_OPS,
  RANGE_OPS,
  UNWRAP_CONVERSIONS,
} from '#logctl/query/ast.js'
import type {
  BinaryOperation,
  Duration,
  Grouping,
  LabelFilter,
  LabelFilterStage,
  LineFilter,
  LogQuery,
  Matcher,
  Matching,
  MetricQuery,
  Query,
  RangeAggregation,
  Stage,
  VectorAggregation,
} from '#logctl/query/ast.js'
import { isComparison, isSetOperation } from '#logctl/query/binding.js'
import { readAmount, readRange } from '#logctl/query/amount.js'

const at = fc.constant({ line: 1, column: 1 })
const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
  fc.constantFrom(
    'json',
    'Drop',
    'unwrap',
    'or',
    'and',
    'by',
    'ip',
    'offset',
    'bool',
    'on',
    'rate',
    'duration',
  ),
)
const names = fc.array(name, { maxLength: 3 })
export const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-ascii' }),
  fc.constantFrom('`', '"', '\\', '#', '\ud83d'),
)

function of<K extends string, R extends object>(kind: K, rest: { [N in keyof R]: fc.Arbitrary<R[N]> }) {
  return fc.record({ kind: fc.constant(kind), at, ...rest }) as unknown as fc.Arbitrary<
    R & { kind: K; at: never }
  >
}

const matcher = of('matcher', {
  name,
  op: fc.constantFrom(...MATCHER_OPS),
  value: text,
}) as fc.Arbitrary<Matcher>
const lineFilter = of('line-filter', {
  op: fc.constantFrom(...LINE_FILTER_OPS),
  values: fc.array(fc.record({ text, ip: fc.boolean() }), { minLength: 1, maxLength: 3 }),
}) as fc.Arbitrary<LineFilter>
const extract = fc.array(fc.record({ name, expression: text }), { maxLength: 3 })

/** Texts of amounts are given; what they mean is the reader's business, which has its own test. */
const amount = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.oneof(
      fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(String),
      fc.constantFrom('250ms', '1h30m', '1.5us', '2w', '5KiB', '1.5MB', '0B', '0x1p-2', '.5', '5.'),
    ),
  )
  .map(([sign, text]) => {
    const read = readAmount(text)
    if (!read) throw new Error(`${text} is no amount`)
    return { kind: read.kind, value: sign === '-' ? -read.value : read.value, text: sign + text }
  })

const labelFilter = fc.letrec<{ filter: LabelFilter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    matcher,
    fc
      .tuple(amount, name, fc.constantFrom(...COMPARISON_OPS), at)
      .map(([read, name, op, at]) => Object.assign({ name, op, at }, read)),
    of('ip', { name, op: fc.constantFrom('=', '!='), value: text }) as fc.Arbitrary<LabelFilter>,
    fc.record({ kind: fc.constantFrom('and', 'or'), left: tie('filter'), right: tie('filter') }),
  ),
})).filter
const labelFilterStage = of('label-filter', { filter: labelFilter }) as fc.Arbitrary<LabelFilterStage>

const assignment = fc.oneof(
  fc.record({ kind: fc.constant('rename'), name, from: name }),
  fc.record({ kind: fc.constant('template'), name, template: text }),
)
const chosen = fc.array(fc.oneof(name, matcher), { minLength: 1, maxLength: 3 })
const stage = fc.oneof(
  lineFilter,
  labelFilterStage,
  of('json', { extract }),
  of('logfmt', { strict: fc.boolean(), keepEmpty: fc.boolean(), extract }),
  of('pattern', { pattern: text }),
  of('regexp', { pattern: text }),
  of('unpack', {}),
  of('line_format', { template: text }),
  of('label_format', { assignments: fc.array(assignment, { minLength: 1, maxLength: 3 }) }),
  of('decolorize', {}),
  of('drop', { labels: chosen }),
  of('keep', { labels: chosen }),
) as fc.Arbitrary<Stage>

export const logQuery = of('log', {
  matchers: fc.array(matcher, { maxLength: 3 }),
  stages: fc.array(stage, { maxLength: 4 }).filter((stages) => !stages.some(takesTheNext)),
}) as fc.Arbitrary<LogQuery>

/** No text stands for these: `| drop a != "x"` reads as the dropping of one value of `a`. */
function takesTheNext(stage: Stage, index: number, stages: readonly Stage[]): boolean {
  const next = stages[index + 1]
  if (stage.kind !== 'drop' && stage.kind !== 'keep') return false
  return (
    typeof stage.labels.at(-1) === 'string' &&
    next?.kind === 'line-filter' &&
    (next.op === '!=' || next.op === '!~')
  )
}

const positive = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const grouping: fc.Arbitrary<Grouping> = fc.record({ without: fc.boolean(), names })
const range = fc
  .constantFrom('5m', '1h30m', '0', '1y2w3d4h5m6s7ms')
  .map((text) => readRange(text) as Duration)
const offset = fc.tuple(range, fc.boolean()).map(([{ text, ns }, negative]): Duration => {
  const given = text === '0' ? { text: '1.5s', ns: 1_500_000_000n } : { text, ns }
  return negative ? { text: `-${given.text}`, ns: -given.ns } : given
})
const unwrap = fc.record({
  name,
  conversion: maybe(fc.constantFrom(...UNWRAP_CONVERSIONS)),
  filters: fc.array(labelFilterStage, { maxLength: 2 }),
  at,
})

function maybe<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(one, { nil: undefined })
}

const rangeAggregation = fc.constantFrom(...RANGE_OPS).chain((op) => {
  const never = fc.constant(undefined)
  const counts = ['count_over_time', 'bytes_over_time', 'bytes_rate'].includes(op)
  const either = ['rate', 'absent_over_time'].includes(op)
  const grouped = !counts && !either && op !== 'rate_counter' && op !== 'sum_over_time'
  return of('range-aggregation', {
    op: fc.constant(op),
    parameter: op === 'quantile_over_time' ? positive : never,
    log: logQuery,
    unwrap: counts ? never : either ? maybe(unwrap) : unwrap,
    range,
    offset: maybe(offset),
    grouping: grouped ? maybe(grouping) : never,
  }) as fc.Arbitrary<RangeAggregation>
})

function vectorAggregation(inner: fc.Arbitrary<MetricQuery>): fc.Arbitrary<VectorAggregation> {
  const maybeGrouped = maybe(grouping)
  const count = fc.integer({ min: 1 })
  const never = fc.constant(undefined)
  const plain = fc.constantFrom('sum', 'avg', 'min', 'max', 'count', 'stddev', 'stdvar')
  const form = (
    op: fc.Arbitrary<string>,
    parameter: fc.Arbitrary<unknown>,
    grouping: fc.Arbitrary<unknown>,
  ) => of('vector-aggregation', { op, parameter, of: inner, grouping }) as fc.Arbitrary<VectorAggregation>
  return fc.oneof(
    form(plain, never, maybeGrouped),
    form(fc.constantFrom('topk', 'bottomk'), count, maybeGrouped),
    form(fc.constant('approx_topk'), count, never),
    form(fc.constantFrom('sort', 'sort_desc'), never, never),
  )
}

const matching = fc.record({
  on: fc.boolean(),
  names,
  group: fc.constantFrom('left', 'right', undefined),
  include: names,
})

function binary(inner: fc.Arbitrary<MetricQuery>): fc.Arbitrary<BinaryOperation> {
  return fc
    .record({
      op: fc.constantFrom(...BINARY_OPS),
      left: inner,
      right: inner,
      bool: fc.boolean(),
      matching: maybe(matching),
      at,
    })
    .map(({ op, left, right, bool, matching, at }): BinaryOperation => ({
      kind: 'binary',
      op,
      left,
      right,
      bool: bool && isComparison(op),
      matching: matching && (isSetOperation(op) || !matching.group ? ungrouped(matching) : matching),
      at,
    }))
    .filter(({ op, left, right }) => !isSetOperation(op) || (!isNumber(left) && !isNumber(right)))
}

function ungrouped({ on, names }: Matching): Matching {
  return { on, names, group: undefined, include: [] }
}

function isNumber(query: MetricQuery): boolean {
  return query.kind === 'number' || (query.kind === 'binary' && isNumber(query.left) && isNumber(query.right))
}

export const metricQuery = fc.letrec<{ metric: MetricQuery }>((tie) => ({
  metric: fc.oneof(
    { maxDepth: 3 },
    rangeAggregation,
    of('number', { value: fc.double({ noNaN: true, noDefaultInfinity: true }) }) as fc.Arbitrary<MetricQuery>,
    of('vector', { value: positive }) as fc.Arbitrary<MetricQuery>,
    vectorAggregation(tie('metric')),
    binary(tie('metric')),
    of('label_replace', {
      of: tie('metric'),
      destination: text,
      replacement: text,
      source: text,
      pattern: fc.constantFrom('(.*):.*', '', '\\d+', '"'),
    }) as fc.Arbitrary<MetricQuery>,
  ),
})).metric

export const anyQuery: fc.Arbitrary<Query> = fc.oneof(logQuery, metricQuery)

/** The tree as plain values, without places. */
export function withoutPlaces(tree: Query): unknown {
  const text = JSON.stringify(tree, (key, value: unknown) => {
    if (key === 'at') return undefined
    if (Object.is(value, -0)) return '-0'
    return typeof value === 'bigint' ? `${value}n` : value
  })
  return JSON.parse(text)
}
