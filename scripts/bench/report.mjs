// The figures of the bench as plain tables for people.
import { chalk } from 'zx'
import { columns } from '#logctl/format/columns.js'
import { figuresOf, startFigures, verdict } from './bars.mjs'
import { WORK } from './work.mjs'

/** @typedef {import('./run-set.mjs').SetReport} SetReport */
/** @typedef {import('./peers.mjs').PeerTimes} PeerTimes */
/** @typedef {import('./bars.mjs').Figure} Figure */

/** @param {SetReport} report */
export function setText(report) {
  const title = `${report.name}: ${report.events.toLocaleString('en')} events, ${amount(report.fileBytes / 1e6)} MB`
  const { failed } = report.busy.sealing
  const parts = [heading(title), figureRows(figuresOf(report)), queryRows(report)]
  if (failed > 0) parts.push(`${failed} queries failed while sealing\n`)
  return parts.join('\n')
}

/** @param {Parameters<typeof startFigures>[0]} start */
export function startText(start) {
  return `${heading('start of the program')}\n${figureRows(startFigures(start))}`
}

/** @param {readonly Figure[]} figures */
function figureRows(figures) {
  const rows = figures.map(({ name, value, unit, most, least }) => [
    name,
    amount(value),
    unit,
    most === undefined ? (least === undefined ? '' : `>= ${amount(least)}`) : `<= ${amount(most)}`,
    painted(verdict({ value, ...(most !== undefined && { most }), ...(least !== undefined && { least }) })),
  ])
  return columns([['', 'value', '', 'bar', ''], ...rows], { right: [1, 3] })
}

/** Milliseconds of each piece of work in each state. @param {SetReport} report */
function queryRows({ queries, busy }) {
  const asked = WORK.filter(({ name }) => name in queries.sealed)
  const rows = asked.map(({ name, bar = {} }) => {
    const { api, cpuMs, cli, folder, wrong } = queries.sealed[name] ?? {}
    const good = [
      bar.api === undefined ? '' : verdict({ value: api?.medianMs ?? Number.NaN, most: bar.api }),
      bar.cli === undefined ? '' : verdict({ value: cli?.medianMs ?? Number.NaN, most: bar.cli }),
    ]
    return [
      name,
      amount(queries.hot[name]?.api?.medianMs),
      amount(busy.sealing.works[name]?.medianMs),
      amount(api?.medianMs),
      amount(api?.p95Ms),
      amount(cpuMs),
      bar.api === undefined ? '' : `<= ${bar.api}`,
      painted(good[0] ?? ''),
      amount(cli?.medianMs),
      amount(folder?.medianMs),
      bar.cli === undefined ? '' : `<= ${bar.cli}`,
      painted(good[1] ?? '') + (wrong === undefined ? '' : chalk.red(` WRONG ANSWER ${wrong}`)),
    ]
  })
  const head = [
    'ms (median)',
    'hot',
    'sealing',
    'sealed',
    'p95',
    'CPU',
    'bar',
    '',
    'command',
    '--data',
    'bar',
    '',
  ]
  return columns([head, ...rows], { right: [1, 2, 3, 4, 5, 6, 8, 9, 10] })
}

/** How many times as long as logctl the others take. @param {SetReport} report @param {PeerTimes} peers */
export function peersText({ name, queries }, peers) {
  const tools = Object.keys(peers)
  const rows = WORK.flatMap(({ name, peer }) => {
    if (peer === undefined || !(name in queries.sealed) || !tools.some((tool) => peers[tool]?.[peer]))
      return []
    const { api, cli } = queries.sealed[name] ?? {}
    const cells = tools.flatMap((tool) => {
      const time = peers[tool]?.[peer]
      if (!time) return ['', '']
      // A library in a process that runs already is compared with the API, a command with the command.
      const own = (tool === 'DuckDB' ? api : cli)?.medianMs ?? Number.NaN
      return [`${time.scaled ? '~' : ''}${amount(time.medianMs)}`, `x${amount(time.medianMs / own)}`]
    })
    return [[name, amount(api?.medianMs), amount(cli?.medianMs), ...cells]]
  })
  const head = ['ms', 'API', 'command', ...tools.flatMap((tool) => [tool, ''])]
  const legend = 'xN: N times as long as the command (DuckDB: as the API). ~: a tenth, times ten.\n'
  const table = columns([head, ...rows], { right: head.map((_, index) => index).slice(1) })
  return `${heading(`${name}: other tools`)}\n${table}${legend}`
}

/**
 * Cost of each query as the work grows.
 * @param {readonly { name: string, report: Pick<SetReport, 'ingest' | 'queries'> }[]} steps
 */
export function growthText(steps) {
  const rows = WORK.filter(({ name }) => steps.some(({ report }) => name in report.queries.sealed)).map(
    ({ name }) =>
      [name].concat(steps.map(({ report }) => amount(report.queries.sealed[name]?.api?.medianMs))),
  )
  const more = [
    ['k lines per CPU-second', ...steps.map(({ report }) => amount(report.ingest.linesPerCpuS / 1000))],
    ['peak MB while ingesting', ...steps.map(({ report }) => amount(report.ingest.peakBytes / 1e6))],
    ['parts', ...steps.map(({ report }) => String(report.ingest.disk.parts))],
  ]
  const head = ['ms (median, sealed)', ...steps.map(({ name }) => name)]
  return `${heading('growth')}\n${columns([head, ...rows, ...more], { right: steps.map((_, n) => n + 1) })}`
}

/** Three digits that matter. @param {number | undefined} value */
function amount(value) {
  if (value === undefined || !Number.isFinite(value)) return '-'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

/** @param {string} word */
function painted(word) {
  return word === 'missed' ? chalk.red(word) : chalk.green(word)
}

/** @param {string} text */
function heading(text) {
  return chalk.bold(`\n── ${text}`)
}
