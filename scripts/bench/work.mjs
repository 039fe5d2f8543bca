// The pieces of work that the bench times: what is asked, through the API and as a command, and which bar it must
// reach. A new kind of query is one entry here.
import { countMatches } from '#logctl/query/grep.js'
import { grepCondition, selection } from '#logctl/query/selection.js'
import { parse } from '#logctl/query/parse.js'
import { runMetric } from '#logctl/query/run-metric.js'
import { tail } from '#logctl/query/tail.js'

/** @typedef {import('./data-sets.mjs').DataSet} DataSet */
/** @typedef {import('#logctl/record/scanner.js').Scanner} Scanner */
/** @typedef {import('#logctl/query/result.js').MetricResult} MetricResult */

/**
 * @typedef {object} Work
 * @property {string} name
 * @property {(scanner: Scanner, set: DataSet) => Promise<unknown>} api Over one open connection to the server.
 * @property {(set: DataSet) => string[]} cli A whole process.
 * @property {{ api?: number, cli?: number }} [bar] Milliseconds for the sealed day of 2,000,000 events (navigator).
 * @property {(answer: any, set: DataSet, events: number) => boolean} [right] Whether the answer over one load is right.
 * @property {string} [peer] The work of peers.mjs that answers the same.
 */

const DAY_HOURS = 24

/** @type {readonly Work[]} */
export const WORK = [
  {
    name: 'count a day (stats)',
    api: (scanner, set) => scanner.stats({ day: dayOf(set) }),
    cli: (set) => ['stats', set.date],
    bar: { api: 5, cli: 500 },
    right: (answer, set, events) => set.days > 1 || answer.total === events,
    peer: 'count',
  },
  {
    name: 'count a day by host as well',
    api: (scanner, set) => scanner.stats({ day: dayOf(set), by: 'host' }),
    cli: (set) => ['stats', set.date, '--by', 'host'],
    bar: { api: 50 },
    peer: 'hours',
  },
  {
    name: 'count by hour and level (LogQL)',
    ...hourly('sum by (detected_level) (count_over_time({} [1h]))'),
    right: (answer, set, events) => set.days > 1 || sumOf(answer) === events,
    peer: 'levels',
  },
  {
    name: 'status >= 500 by tenant',
    ...overDay('sum by (tenant) (count_over_time({} | status >= 500 [24h]))'),
    right: (answer) => sumOf(answer) > 0,
    peer: 'failed',
  },
  {
    name: 'json, status >= 500 by tenant',
    ...overDay('sum by (tenant) (count_over_time({} | json | status >= 500 [24h]))'),
    right: (answer) => sumOf(answer) > 0,
    peer: 'failed',
  },
  {
    name: 'json, status or method by tenant',
    ...overDay('sum by (tenant) (count_over_time({} | json | status >= 500 or method="POST" [24h]))'),
    right: (answer) => sumOf(answer) > 0,
  },
  {
    name: 'p99 of duration by tenant',
    ...overDay('quantile_over_time(0.99, {} | unwrap duration [24h]) by (tenant)'),
    peer: 'p99',
  },
  {
    name: 'json, p99 of duration by tenant',
    ...overDay('quantile_over_time(0.99, {} | json | unwrap duration [24h]) by (tenant)'),
    peer: 'p99',
  },
  {
    name: 'labels and their values',
    api: (scanner) => scanner.labels({ where: [] }),
    cli: () => ['labels'],
  },
  {
    name: 'last 100 of a tenant or app',
    api: (scanner, set) => lastOf(scanner, set, 100),
    cli: (set) => ['tail', ...oneOf(set), '-n', '100', '--no-follow'],
    bar: { api: 20 },
    right: (answer) => answer === 100,
    peer: 'last',
  },
  {
    name: 'rare word, count',
    api: (scanner, set) => count(scanner, set.rare.word),
    cli: (set) => ['grep', '-c', '-F', set.rare.word],
    bar: { api: 10 },
    right: (answer, set) => answer === set.rare.events,
    peer: 'rare',
  },
  {
    name: 'rare word, its lines',
    api: (scanner, set) => count(scanner, set.rare.word),
    cli: (set) => ['grep', '-F', set.rare.word],
    peer: 'rare',
  },
  {
    name: 'common phrase, count',
    api: (scanner, set) => count(scanner, set.phrase),
    cli: (set) => ['grep', '-c', '-F', set.phrase],
    bar: { api: 120 },
    right: (answer, _, events) => answer > events / 20 && answer < events / 5,
    peer: 'phrase',
  },
  {
    name: 'absent word, count',
    api: (scanner, set) => count(scanner, set.absent),
    cli: (set) => ['grep', '-c', '-F', set.absent],
    right: (answer) => answer === 0,
    peer: 'absent',
  },
  {
    name: 'value of a field, count',
    api: (scanner, set) => count(scanner, set.value),
    cli: (set) => ['grep', '-c', '-F', set.value],
    peer: 'value',
  },
  {
    name: 'part of a word, count',
    api: (scanner, set) => count(scanner, set.rare.word.slice(1, -1)),
    cli: (set) => ['grep', '-c', set.rare.word.slice(1, -1)],
    right: (answer, set) => answer === set.rare.events,
    peer: 'rare',
  },
]

/** The pieces of work whose names hold a text. @param {string} part */
export function workNamed(part) {
  const found = WORK.filter(({ name }) => name.includes(part))
  if (found.length === 0)
    throw new Error(`no piece of work is called ${part}: ${WORK.map(({ name }) => name).join('; ')}`)
  return found
}

/** @param {DataSet} set */
function dayOf(set) {
  return /** @type {import('#logctl/record/time.js').Day} */ (set.date)
}

/** @param {DataSet} set */
function oneOf({ one: { tenant, selector } }) {
  return [selector, ...(tenant === undefined ? [] : ['-t', tenant])]
}

/** LogQL over the day as one window. @param {string} query @returns {Pick<Work, 'api' | 'cli'>} */
function overDay(query) {
  return {
    api: (scanner, set) => runMetric(scanner, metric(query), { at: momentOf(set, DAY_HOURS) }),
    cli: (set) => ['query', query, '--now', momentOf(set, DAY_HOURS)],
  }
}

/** Hour after hour; the day's first moment ends the hour before it. @param {string} query @returns {Pick<Work, 'api' | 'cli'>} */
function hourly(query) {
  const stepNs = 3_600_000_000_000n
  return {
    api: (scanner, set) =>
      runMetric(scanner, metric(query), { from: momentOf(set, 0), to: momentOf(set, DAY_HOURS), stepNs }),
    cli: (set) => [
      'query',
      query,
      '--from',
      momentOf(set, 0),
      '--to',
      momentOf(set, DAY_HOURS),
      '--step',
      '1h',
    ],
  }
}

/** @param {string} query */
function metric(query) {
  const tree = parse(query)
  if (tree.kind === 'log') throw new Error(`${query} is no metric query`)
  return tree
}

/** @param {DataSet} set @param {number} hours After the day's begin. */
function momentOf({ date }, hours) {
  const moment = new Date(Date.parse(date) + hours * 3_600_000).toISOString().replace('Z', '000000Z')
  return /** @type {import('#logctl/record/time.js').Timestamp} */ (moment)
}

/** All values together. @param {MetricResult} answer */
function sumOf(answer) {
  const values =
    answer.type === 'matrix'
      ? answer.series.flatMap(({ values }) => [...values])
      : answer.type === 'vector'
        ? answer.samples.map(({ value }) => value)
        : []
  return values.reduce((sum, value) => sum + value, 0)
}

/** @param {Scanner} scanner @param {string} pattern */
function count(scanner, pattern) {
  const text = /** @type {import('#logctl/record/scan-request.js').TextCondition} */ (
    grepCondition({ pattern, literal: true })
  )
  return countMatches(scanner, { text, where: [], direction: 'forward' })
}

/** @param {Scanner} scanner @param {DataSet} set @param {number} last */
async function lastOf(scanner, { one: { tenant, selector } }, last) {
  let found = 0
  const tenants = tenant === undefined ? undefined : [tenant]
  for await (const piece of tail(scanner, { where: selection({ selector }), tenants, last, follow: false }))
    found += piece.length
  return found
}
