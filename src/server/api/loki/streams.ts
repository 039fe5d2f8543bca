// Groups the entries that a log query found into streams, and writes them as Loki does.
import type { LogEntry } from '../../../query/run-log.js'
import { labelsText } from '../../../query/sample.js'
import { Dictionary } from '../../../record/dictionary.js'
import type { Labels } from '../../../record/labels.js'
import { labelsKey } from '../../../record/labels.js'
import { msOf, nsOf } from '../../../record/time.js'
import type { Timestamp } from '../../../record/time.js'

/** `X-Loki-Response-Encoding-Flags: categorize-labels`: labels are told apart by who sent them. */
export const CATEGORIZE = 'categorize-labels'

export interface Streams {
  /** A stream for each distinct set of labels behind the pipeline; of the sender's labels where categorized. */
  add(entry: LogEntry): void
  /** In the order of their labels as text. */
  sorted(): readonly Stream[]
}

interface Stream {
  readonly labels: Labels
  readonly text: string
  /** JSON. */
  readonly values: string[]
}

export function gatherStreams(categorized: boolean): Streams {
  const streams = new Map<string, Stream>()
  return {
    add(entry) {
      const labels = categorized ? entry.labels.stream : allLabels(entry)
      const key = labelsKey(labels)
      let stream = streams.get(key)
      if (!stream) streams.set(key, (stream = { labels, text: labelsText(labels), values: [] }))
      stream.values.push(valueOf(entry, categorized))
    },
    sorted: () => [...streams.values()].sort((a, b) => (a.text < b.text ? -1 : 1)),
  }
}

export function* streamPieces(streams: readonly Stream[]): Generator<string> {
  for (const [at, { labels, values }] of streams.entries()) {
    yield `${at === 0 ? '' : ','}{"stream":${JSON.stringify(labels)},"values":[`
    for (const [index, value] of values.entries()) yield index === 0 ? value : `,${value}`
    yield ']}'
  }
}

/** Of all three classes, in the order of their names. */
export function allLabels({ labels: { stream, metadata, parsed } }: LogEntry): Labels {
  const merged: Labels = { ...stream, ...metadata, ...parsed }
  const all = new Dictionary<string>()
  for (const name of Object.keys(merged).sort()) all[name] = merged[name] ?? ''
  return all
}

function valueOf({ timestamp, line, labels: { metadata, parsed } }: LogEntry, categorized: boolean): string {
  const head = `["${nsText(timestamp)}",${JSON.stringify(line)}`
  if (!categorized) return `${head}]`
  const classes = {
    ...(isEmpty(metadata) ? {} : { structuredMetadata: metadata }),
    ...(isEmpty(parsed) ? {} : { parsed }),
  }
  return `${head},${JSON.stringify(classes)}]`
}

function isEmpty(labels: Labels): boolean {
  for (const _ in labels) return false
  return true
}

/** Nanoseconds since the epoch, as digits. */
export function nsText(timestamp: Timestamp): string {
  const ms = msOf(timestamp)
  return ms > 0 ? `${ms}${timestamp.slice(23, 29)}` : String(nsOf(timestamp))
}
