#!/usr/bin/env zx
// Writes a data set of the bench: `zx scripts/bench/generate.mjs navigator --events 2000000 --out day.ndjson`.
// Without --out it goes to stdout; --seed N gives other events of the same kind.
import { parseArgs } from 'node:util'
import { DATA_SETS, dataSet, writeDataSet } from './data-sets.mjs'

const { values, positionals } = parseArgs({
  args: process.argv.slice(process.argv.findIndex((arg) => arg.endsWith('generate.mjs')) + 1),
  allowPositionals: true,
  options: {
    events: { type: 'string', default: '2000000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
})
const set = dataSet(positionals[0] ?? Object.keys(DATA_SETS)[0] ?? '')
await writeDataSet(set, {
  events: Number(values.events),
  seed: Number(values.seed),
  ...(values.out !== undefined && { file: values.out }),
})
