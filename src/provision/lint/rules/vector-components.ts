// The components of a Vector configuration, and the keys of those that refuse any other.
import { type Entry, entriesOf, itemsOf, textAt, textOf, type Tree, valueAt } from '../tree.js'

export type ComponentKind = 'sources' | 'transforms' | 'sinks'

export interface Component {
  readonly id: string
  readonly kind: ComponentKind
  readonly type: string
  readonly entry: Entry
  readonly tree: Tree
  /** Names of the components it reads. */
  readonly inputs: readonly Tree[]
}

export interface VectorConfig {
  readonly root: Tree
  readonly text: string
  readonly components: readonly Component[]
}

export function vectorConfig(root: Tree, text: string): VectorConfig {
  const kinds: readonly ComponentKind[] = ['sources', 'transforms', 'sinks']
  const components = kinds.flatMap((kind) =>
    entriesOf(valueAt(root, kind)).map((entry) => {
      const { key: id, value: tree } = entry
      return { id, kind, type: textAt(tree, 'type'), entry, tree, inputs: itemsOf(valueAt(tree, 'inputs')) }
    }),
  )
  return { root, text, components }
}

export function ofType(
  { components }: VectorConfig,
  kind: ComponentKind,
  ...types: readonly string[]
): readonly Component[] {
  return components.filter((one) => one.kind === kind && types.includes(one.type))
}

/** The components that feed one; `*` in a name stands for anything, and a route's output names the route. */
export function feeding({ components }: VectorConfig, { inputs }: Component): readonly Component[] {
  return components.filter(
    ({ id, kind }) => kind !== 'sinks' && inputs.some((input) => names(textOf(input), id)),
  )
}

export function names(input: string, id: string): boolean {
  const starred = input.includes('*')
    ? new RegExp(
        `^${input
          .split('*')
          .map((part) => part.replace(/[^\w]/g, String.raw`\$&`))
          .join('.*')}$`,
      )
    : undefined
  return starred?.test(id) ?? (input === id || input.startsWith(`${id}.`))
}

/** Lets templates write where they like; since 0.57 they may not without it. */
export const TEMPLATE_FREED = 'dangerously_allow_unconfined_template_resolution'

const OF_SOURCES = 'type proxy graph'
const OF_SINKS = 'type inputs healthcheck healthcheck_uri buffer proxy graph acknowledgements'

const words = (text: string): readonly string[] => text.split(/\s+/)

/** Keys of the components that refuse unknown ones; a file with such a key does not start at all. */
export const STRICT: Readonly<Record<string, readonly string[]>> = {
  'sources vector': words(`${OF_SOURCES} version address tls acknowledgements keepalive`),
  'sinks vector': words(`${OF_SINKS} version address routing compression batch request tls keepalive`),
  'sinks file': words(
    `${OF_SINKS} path idle_timeout_secs encoding framing compression timezone internal_metrics truncate ${TEMPLATE_FREED}`,
  ),
  'sinks prometheus_exporter': words(
    `${OF_SINKS} address default_namespace buckets quantiles auth tls flush_period_secs
    distributions_as_summaries suppress_timestamp`,
  ),
}

export const BUFFER_KEYS: readonly string[] = ['type', 'max_size', 'max_events', 'when_full']

export const KEEPALIVE_KEYS: Readonly<Record<string, readonly string[]>> = {
  'sources vector': ['max_connection_age_secs', 'max_connection_age_grace_secs'],
  'sinks vector': ['interval_secs', 'timeout_secs'],
}
