// The bars of the bench beside those of work.mjs: what ingest, memory, disk, acks and start-up must reach.

/** @typedef {import('./run-set.mjs').SetReport} SetReport */
/** @typedef {{ name: string, value: number, unit: 'k/s' | 'MB' | 'ms' | 's' | 'x', most?: number, least?: number }} Figure */

const MB = 1e6
/** Megabytes for 2,000,000 events of the day. */
const DAY = { events: 2_000_000, diskMb: 60 }

/** @param {SetReport} report @returns {Figure[]} */
export function figuresOf({ name, events, ingest, memory, busy }) {
  const share = events / DAY.events
  const { disk } = ingest
  return [
    {
      name: 'lines per CPU-second, all work included',
      value: ingest.linesPerCpuS / 1000,
      unit: 'k/s',
      least: 200,
    },
    { name: 'lines per CPU-second until the last ack', value: events / ingest.ackedCpuS / 1000, unit: 'k/s' },
    { name: 'lines per second, acknowledged', value: ingest.linesPerS / 1000, unit: 'k/s', least: 400 },
    { name: 'lines per second, sealed', value: ingest.linesPerSSealed / 1000, unit: 'k/s' },
    { name: 'from the last ack to all sealed', value: ingest.sealMs / 1000, unit: 's' },
    { name: 'ack p50, full load', value: ingest.ackP50Ms, unit: 'ms' },
    { name: 'ack p99, full load', value: ingest.ackP99Ms, unit: 'ms' },
    { name: 'ack p99, full load and 10 readers', value: busy.full.result.ackP99Ms, unit: 'ms', most: 50 },
    {
      name: 'ack p99, 10 k lines/s and 10 readers',
      value: busy.steady.result.ackP99Ms,
      unit: 'ms',
      most: 50,
    },
    { name: 'memory, idle after start', value: memory.idleBytes / MB, unit: 'MB', most: 150 },
    { name: 'memory, peak while ingesting', value: memory.ingestPeakBytes / MB, unit: 'MB', most: 400 },
    { name: 'memory, peak while asked', value: memory.queryPeakBytes / MB, unit: 'MB' },
    { name: 'memory, after the queries', value: memory.afterBytes / MB, unit: 'MB' },
    {
      name: `disk (${disk.parts} parts)`,
      value: disk.sealed / MB,
      unit: 'MB',
      ...(name === 'navigator' && { most: DAY.diskMb * share }),
    },
    { name: '  Parquet', value: disk.parquet / MB, unit: 'MB' },
    { name: '  word filters', value: disk.words / MB, unit: 'MB' },
    { name: '  counts, manifests and the like', value: disk.side / MB, unit: 'MB' },
  ]
}

/** The whole program's start. @param {{ version: { medianMs: number }, node: { medianMs: number } }} start @returns {Figure[]} */
export function startFigures({ version, node }) {
  return [
    { name: 'logctl --version', value: version.medianMs, unit: 'ms' },
    { name: 'node -e 0', value: node.medianMs, unit: 'ms' },
    { name: 'ratio', value: version.medianMs / node.medianMs, unit: 'x', most: 4 },
  ]
}

/** `ok`, `missed`, or nothing where there is no bar. @param {Pick<Figure, 'value' | 'most' | 'least'>} figure */
export function verdict({ value, most, least }) {
  if (most === undefined && least === undefined) return ''
  return value <= (most ?? Number.POSITIVE_INFINITY) && value >= (least ?? 0) ? 'ok' : 'missed'
}
