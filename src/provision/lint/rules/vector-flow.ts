// What a Vector configuration does with events: what is lost, written wrongly, doubled, or never flows.
import type { Place, Remark } from '../finding.js'
import type { Rule } from '../format.js'
import { placeOf } from '../readers/lines.js'
import { entriesOf, entryAt, scalarAt, textAt, textOf, valueAt } from '../tree.js'
import { type Component, feeding, ofType, TEMPLATE_FREED, type VectorConfig } from './vector-components.js'

/** Two data files of 128 MiB and a ledger of 32 bytes. */
const SMALLEST_DISK_BUFFER = 268_435_488

function place({ entry, tree }: Component, path: string): Place {
  return entryAt(tree, path)?.at ?? entry.at
}

function* smallBuffer({ components }: VectorConfig): Generator<Remark> {
  for (const sink of components) {
    const size = scalarAt(sink.tree, 'buffer.max_size')
    const isDisk = textAt(sink.tree, 'buffer.type') === 'disk'
    if (isDisk && typeof size === 'number' && size < SMALLEST_DISK_BUFFER)
      yield {
        at: place(sink, 'buffer.max_size'),
        says: `a disk buffer of ${size} bytes is too small: Vector does not start`,
        instead: `max_size = ${SMALLEST_DISK_BUFFER} or more; all but 128 MiB of it can be used`,
      }
  }
}

function* dropping({ components }: VectorConfig): Generator<Remark> {
  for (const sink of components)
    if (textAt(sink.tree, 'buffer.when_full') === 'drop_newest')
      yield {
        at: place(sink, 'buffer.when_full'),
        says: 'with drop_newest new logs are lost, without a word, while the receiver is away and the buffer full',
        instead: 'when_full = "block", and acknowledgements.enabled = true',
      }
}

function* unparsedSocket(config: VectorConfig): Generator<Remark> {
  for (const source of ofType(config, 'sources', 'socket')) {
    if (valueAt(source.tree, 'decoding')) continue
    const readers = config.components.filter((one) => feeding(config, one).includes(source))
    const isParsed =
      readers.length > 0 && readers.every(({ tree }) => /parse_|decode_/.test(textAt(tree, 'source')))
    if (!isParsed)
      yield {
        at: place(source, 'type'),
        says: 'each line stays one text in .message; the fields of a JSON line do not exist for what follows',
        instead: 'decoding.codec = "json", or a remap with . = parse_json!(.message)',
      }
  }
}

function* quotedPath({ components, text }: VectorConfig): Generator<Remark> {
  for (const { entry, tree } of components)
    for (const key of ['source', 'condition']) {
      const piece = /\.\["([^"]*)"\]/.exec(textAt(tree, key))
      if (piece)
        yield {
          at: placeOf(text, piece[0], entryAt(tree, key)?.at ?? entry.at),
          says: `${piece[0]} is jq's way to name a field; VRL does not compile it and Vector does not start`,
          instead: `."${piece[1]}"`,
        }
    }
}

/** A field as the first argument; what was parsed or is now() is a timestamp. */
const TEXT_AS_TIME = /format_timestamp!?\(\s*(\.[^,]*),/

function* textAsTime({ components, text }: VectorConfig): Generator<Remark> {
  for (const { entry, tree } of components) {
    const [, field = ''] = TEXT_AS_TIME.exec(textAt(tree, 'source')) ?? []
    // `.timestamp` is set by sources as a timestamp.
    if (field === '' || field.trim() === '.timestamp') continue
    yield {
      at: placeOf(text, 'format_timestamp', entryAt(tree, 'source')?.at ?? entry.at),
      says: `format_timestamp wants a timestamp and JSON gives ${field.trim()} as text: it fails for every event`,
      instead: 'format_timestamp!(parse_timestamp(."@timestamp", "%+") ?? now(), "%Y-%m-%d")',
    }
  }
}

const ENDINGS: Readonly<Record<string, string>> = { gzip: '.gz', zstd: '.zst' }

function* compressedName(config: VectorConfig): Generator<Remark> {
  for (const sink of ofType(config, 'sinks', 'file')) {
    const compression = textAt(sink.tree, 'compression')
    const path = textAt(sink.tree, 'path')
    const ending = Object.hasOwn(ENDINGS, compression) ? (ENDINGS[compression] ?? '') : ''
    if (ending !== '' && !path.endsWith(ending))
      yield {
        at: place(sink, 'compression'),
        says: `${path} will hold ${compression}: tail -f, grep and jq see garbage, and a crash cuts off its end`,
        instead: `remove compression, or end the path with ${ending}`,
      }
  }
}

/** Whether any metric can come this way. */
function bringsMetrics(config: VectorConfig, component: Component, seen = new Set<string>()): boolean {
  return feeding(config, component).some((source) => {
    if (seen.has(source.id)) return false
    seen.add(source.id)
    if (source.kind === 'sources')
      return /metrics|prometheus|statsd|opentelemetry|datadog_agent|^vector$/.test(source.type)
    if (/metric/.test(source.type)) return true
    // What is remapped here is logs, whatever else its source could bring.
    return source.type !== 'remap' && source.type !== 'filter' && bringsMetrics(config, source, seen)
  })
}

function* noMetrics(config: VectorConfig): Generator<Remark> {
  for (const sink of ofType(config, 'sinks', 'prometheus_exporter'))
    if (sink.inputs.length > 0 && !bringsMetrics(config, sink))
      yield {
        at: place(sink, 'inputs'),
        says: 'only logs come in here, and the exporter shows metrics: it stays empty',
        instead: 'add a source of type "internal_metrics" and name it in inputs',
      }
}

function* doubled({ components }: VectorConfig): Generator<Remark> {
  const sinks = components.filter(({ kind }) => kind === 'sinks')
  for (const sink of sinks)
    if (sink.type === 'console' && sinks.length > 1)
      yield {
        at: place(sink, 'type'),
        says: 'the console sink writes every event again, to a log that others collect',
        instead: 'remove it when you are done looking',
      }
}

function* freeTemplates(config: VectorConfig): Generator<Remark> {
  for (const sink of ofType(config, 'sinks', 'loki')) {
    if (scalarAt(sink.tree, TEMPLATE_FREED) === true) continue
    const labels = entriesOf(valueAt(sink.tree, 'labels'))
    const tenant = entryAt(sink.tree, 'tenant_id')
    for (const { key, value } of tenant ? [tenant, ...labels] : labels)
      if (/^\s*\{\{/.test(textOf(value)))
        yield {
          at: value.at,
          says: `${key} is a template without a fixed beginning: Vector 0.57 does not start with it`,
          instead: `begin it with a fixed text, or set ${TEMPLATE_FREED}; what has many values belongs in structured_metadata`,
        }
  }
}

export const FLOW_RULES: readonly Rule<VectorConfig>[] = [
  { name: 'small-buffer', severity: 'error', about: 'disk buffers below the minimum', find: smallBuffer },
  { name: 'drops-newest', severity: 'warning', about: 'buffers that lose logs when full', find: dropping },
  { name: 'unparsed-socket', severity: 'warning', about: 'JSON that is never parsed', find: unparsedSocket },
  { name: 'quoted-path', severity: 'error', about: 'paths that VRL does not compile', find: quotedPath },
  { name: 'text-as-time', severity: 'error', about: 'texts formatted as timestamps', find: textAsTime },
  {
    name: 'compressed-name',
    severity: 'error',
    about: 'compressed files named as plain ones',
    find: compressedName,
  },
  { name: 'no-metrics', severity: 'warning', about: 'exporters that get only logs', find: noMetrics },
  { name: 'console-left', severity: 'warning', about: 'console sinks beside real ones', find: doubled },
  { name: 'free-template', severity: 'error', about: 'templates that 0.57 refuses', find: freeTemplates },
]
