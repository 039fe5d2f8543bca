// Vector's keys: those that make it refuse the whole file, and those that it only keeps for old files.
import type { Remark } from '../finding.js'
import type { Rule } from '../format.js'
import { entriesOf, entryAt, scalarAt, textAt, textOf, valueAt } from '../tree.js'
import { unknownKeys } from './unknown-key.js'
import {
  BUFFER_KEYS,
  type Component,
  KEEPALIVE_KEYS,
  names,
  STRICT,
  type VectorConfig,
} from './vector-components.js'

const FATE = 'Vector refuses the whole file (exit 78)'

const NO_AUTH =
  'require client certificates (tls.enabled, ca_file, crt_file, key_file, verify_certificate), or send over an http sink with auth.strategy = "bearer"'

/** Keys that people try, by component; what they wanted exists elsewhere. */
const INSTEAD: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'sources vector': {
    auth: NO_AUTH,
    connection_limit: 'limit connections in the firewall or a proxy; the vector source cannot',
  },
  'sinks vector': { auth: NO_AUTH },
  'sinks file': {
    condition: 'put a transform of type "filter" with this condition before the sink, and name it in inputs',
  },
}

const KEEPALIVE_INSTEAD = {
  enabled: 'remove it; naming the other keys is enough',
  time_secs:
    'a source has max_connection_age_secs (0.57 and later); pings are the sink’s keepalive.interval_secs',
}

function* unknown({ components }: VectorConfig): Generator<Remark> {
  for (const { kind, type, tree } of components) {
    const component = `${kind} ${type}`
    const owner = `the ${type} ${kind.slice(0, -1)}`
    const known = STRICT[component]
    if (known) yield* unknownKeys(entriesOf(tree), { owner, known, instead: INSTEAD[component] ?? {} }, FATE)
    const keepalive = KEEPALIVE_KEYS[component]
    const alive = { owner: `keepalive of ${owner}`, known: keepalive ?? [], instead: KEEPALIVE_INSTEAD }
    if (keepalive) yield* unknownKeys(entriesOf(valueAt(tree, 'keepalive')), alive, FATE)
    if (kind === 'sinks')
      yield* unknownKeys(entriesOf(valueAt(tree, 'buffer')), { owner: 'a buffer', known: BUFFER_KEYS }, FATE)
  }
}

function* unknownInput({ components }: VectorConfig): Generator<Remark> {
  const ids = components.filter(({ kind }) => kind !== 'sinks').map(({ id }) => id)
  // A file that names no source is one of several that are loaded together.
  if (!components.some(({ kind }) => kind === 'sources')) return
  for (const { inputs } of components)
    for (const input of inputs)
      if (!ids.some((id) => names(textOf(input), id)))
        yield {
          at: input.at,
          says: `no source or transform is called "${textOf(input)}": ${FATE}`,
          instead: `name one of ${ids.join(', ')}`,
        }
}

function* removedApi({ root }: VectorConfig): Generator<Remark> {
  for (const key of ['playground', 'graphql']) {
    const entry = entryAt(root, `api.${key}`)
    const says = `api.${key} was removed in Vector 0.55: ${FATE}`
    if (entry) yield { at: entry.at, says, instead: 'remove it; GET /health on api.address still answers' }
  }
}

function* old({ components }: VectorConfig): Generator<Remark> {
  for (const component of components) {
    const { kind, type, entry, tree } = component
    if (kind === 'sinks' && type === 'vector') yield* oldSink(component)
    if (kind === 'sources' && type === 'http')
      yield {
        at: entryAt(tree, 'type')?.at ?? entry.at,
        says: 'the source "http" is an old name, and its key encoding is going',
        instead: 'type = "http_server", with decoding.codec',
      }
  }
}

function* oldSink({ tree }: Component): Generator<Remark> {
  const compression = entryAt(tree, 'compression')
  if (scalarAt(tree, 'compression') === true && compression)
    yield {
      at: compression.at,
      says: 'compression = true is deprecated since Vector 0.56',
      instead: 'compression = "gzip", or "zstd" where the receiver is 0.56 or newer',
    }
  const version = entryAt(tree, 'version')
  if (version)
    yield {
      at: version.at,
      says: `version = "${textAt(tree, 'version')}" is deprecated on the vector sink; there is one version`,
      instead: 'remove it',
    }
}

export const KEY_RULES: readonly Rule<VectorConfig>[] = [
  { name: 'unknown-key', severity: 'error', about: 'keys for which Vector refuses the file', find: unknown },
  { name: 'unknown-input', severity: 'error', about: 'inputs that name nothing', find: unknownInput },
  { name: 'removed-api-key', severity: 'error', about: 'keys of the API that are gone', find: removedApi },
  { name: 'deprecated-key', severity: 'warning', about: 'keys and names kept only for old files', find: old },
]
