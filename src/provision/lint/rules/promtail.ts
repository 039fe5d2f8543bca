// Promtail: what it does with Docker's logs, with labels, and with its place in files.
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import { placeOf } from '../readers/lines.js'
import { readYaml } from '../readers/yaml.js'
import { entriesOf, type Entry, entryAt, itemsOf, textAt, textOf, type Tree, valueAt } from '../tree.js'
import { isEndless } from './growing-labels.js'

interface PromtailConfig {
  readonly root: Tree
  readonly text: string
  readonly jobs: readonly Tree[]
}

/** Every stage of a job, those within `match` too, as the entry that names it. */
function* stagesOf(job: Tree): Generator<Entry> {
  for (const stage of [...itemsOf(valueAt(job, 'pipeline_stages')), ...itemsOf(valueAt(job, 'stages'))])
    for (const entry of entriesOf(stage)) {
      yield entry
      if (entry.key === 'match') yield* stagesOf(entry.value)
    }
}

function* unwrapped({ jobs }: PromtailConfig): Generator<Remark> {
  for (const job of jobs) {
    if (!valueAt(job, 'docker_sd_configs')) continue
    for (const { key, at, value } of stagesOf(job)) {
      const isDockerFile =
        key === 'json' &&
        entriesOf(valueAt(value, 'expressions')).some(({ value }) => textOf(value) === 'log')
      if (isDockerFile || key === 'docker')
        yield {
          at,
          says: 'docker_sd_configs reads through the API, where lines come without Docker’s JSON around them: this stage finds nothing',
          instead: 'remove it, with the timestamp and output stages that use what it finds',
        }
    }
  }
}

function* anyDigits({ jobs, text }: PromtailConfig): Generator<Remark> {
  for (const job of jobs)
    for (const { key, value, at } of stagesOf(job)) {
      const loose =
        key === 'regex' ? /\(\?P?<(\w+)>(\\d(?:\{\d+\}|\+))\)$/.exec(textAt(value, 'expression')) : null
      // Anchored by nothing before it: the group is the whole expression.
      if (loose?.index === 0)
        yield {
          at: placeOf(text, loose[2] ?? '', at),
          says: `${loose[2]} matches any digits of the line: part of a time, a port or an id becomes ${loose[1]}`,
          instead: `tie it to what stands around it, such as " (?P<${loose[1]}>[1-5][0-9]{2}) ", or parse it when asking`,
        }
    }
}

function* endlessLabels({ jobs }: PromtailConfig): Generator<Remark> {
  const advice = 'leave it out of the labels: parse it when asking, or make it structured_metadata'
  for (const job of jobs) {
    for (const { key, value } of stagesOf(job))
      if (key === 'labels')
        for (const label of entriesOf(value))
          if (isEndless(label.key)) yield endless(label.key, label, advice)
    for (const relabel of itemsOf(valueAt(job, 'relabel_configs'))) {
      const target = entryAt(relabel, 'target_label')
      if (target && isEndless(textOf(target.value))) yield endless(textOf(target.value), target, advice)
    }
  }
}

function endless(label: string, { at }: Entry, instead: string): Remark {
  return { at, says: `the label ${label} has new values without end, and each makes a new stream`, instead }
}

function* lostPositions({ root }: PromtailConfig): Generator<Remark> {
  const entry = entryAt(root, 'positions.filename')
  if (entry && /^\/(?:tmp|var\/tmp|dev\/shm)\//.test(textOf(entry.value)))
    yield {
      at: entry.at,
      says: 'positions in a temporary folder are gone after a restart: logs are read twice, or left out',
      instead: 'a file on a volume, such as /var/lib/promtail/positions.yaml',
    }
}

const RULES: readonly Rule<PromtailConfig>[] = [
  {
    name: 'unwrapped-docker',
    severity: 'warning',
    about: 'stages for JSON that the API has taken off',
    find: unwrapped,
  },
  { name: 'any-digits', severity: 'error', about: 'expressions that any number matches', find: anyDigits },
  {
    name: 'endless-label',
    severity: 'error',
    about: 'labels with endlessly many values',
    find: endlessLabels,
  },
  {
    name: 'lost-positions',
    severity: 'warning',
    about: 'positions that a restart forgets',
    find: lostPositions,
  },
]

export const promtail = format({
  kind: 'promtail',
  claims: ({ path, text }) =>
    /^scrape_configs:/m.test(text) && (/^(?:positions|clients):/m.test(text) || /promtail/i.test(path)),
  read: (file): PromtailConfig => {
    const root = readYaml(file)
    return { root, text: file.text, jobs: itemsOf(valueAt(root, 'scrape_configs')) }
  },
  rules: RULES,
})
