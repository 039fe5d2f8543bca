// Loki's configuration: keys that 3.x refuses, and retention that deletes nothing.
import { LogctlError } from '../../../errors.js'
import { parseLog } from '../../../query/parse.js'
import { parseDurationMs } from '../../../record/time.js'
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import { readYaml } from '../readers/yaml.js'
import { entryAt, itemsOf, scalarAt, textAt, textOf, type Tree, valueAt } from '../tree.js'

/** Removed in 3.0, with what took their place. */
const REMOVED: Readonly<Record<string, string>> = {
  'limits_config.enforce_metric_name': 'remove it',
  'compactor.shared_store': 'compactor.delete_request_store: filesystem (or the name of your object store)',
}

function* removed(root: Tree): Generator<Remark> {
  for (const [path, instead] of Object.entries(REMOVED)) {
    const entry = entryAt(root, path)
    if (entry)
      yield { at: entry.at, says: `${path} was removed in Loki 3.0, which refuses the file`, instead }
  }
}

function* noDeleteStore(root: Tree): Generator<Remark> {
  const enabled = entryAt(root, 'compactor.retention_enabled')
  if (
    scalarAt(root, 'compactor.retention_enabled') === true &&
    enabled &&
    !entryAt(root, 'compactor.delete_request_store')
  )
    yield {
      at: enabled.at,
      says: 'with retention_enabled Loki 3 does not start unless it knows where to keep its delete requests',
      instead: 'add compactor.delete_request_store: filesystem',
    }
}

function* nothingDeleted(root: Tree): Generator<Remark> {
  const period =
    entryAt(root, 'limits_config.retention_period') ?? entryAt(root, 'limits_config.retention_stream')
  if (period && scalarAt(root, 'compactor.retention_enabled') !== true)
    yield {
      at: period.at,
      says: `${period.key} deletes nothing: only the compactor deletes, and its retention is off`,
      instead: 'compactor: {retention_enabled: true, delete_request_store: filesystem}',
    }
}

function* oldSchema(root: Tree): Generator<Remark> {
  const newest = itemsOf(valueAt(root, 'schema_config.configs')).at(-1)
  const without = scalarAt(root, 'limits_config.allow_structured_metadata') === false
  if (!newest || without) return
  const [store, schema] = [textAt(newest, 'store'), textAt(newest, 'schema')]
  if (store !== 'tsdb' || Number(schema.slice(1)) < 13)
    yield {
      at: entryAt(newest, store === 'tsdb' ? 'schema' : 'store')?.at ?? newest.at,
      says: `Loki 3 refuses ${store || 'no store'} with schema ${schema || 'unnamed'}: structured metadata wants tsdb and v13`,
      instead:
        'append a period with store: tsdb, schema: v13 and a `from` in the future; never change the old one',
    }
}

function* indexPeriod(root: Tree): Generator<Remark> {
  for (const config of itemsOf(valueAt(root, 'schema_config.configs'))) {
    const entry = entryAt(config, 'index.period')
    if (entry && textOf(entry.value) !== '24h' && entryAt(root, 'compactor'))
      yield {
        at: entry.at,
        says: `the compactor works on days, and the index period is ${textOf(entry.value)}: retention fails`,
        instead: 'period: 24h',
      }
  }
}

const DAY_MS = 86_400_000

function* streamRules(root: Tree): Generator<Remark> {
  for (const rule of itemsOf(valueAt(root, 'limits_config.retention_stream'))) {
    const period = entryAt(rule, 'period')
    const periodMs = millisecondsOf(textAt(rule, 'period'))
    if (period && periodMs !== undefined && periodMs < DAY_MS)
      yield {
        at: period.at,
        says: 'a retention period is at least 24h: Loki refuses less',
        instead: 'period: 24h',
      }
    const selector = entryAt(rule, 'selector')
    const wrong = selector && selectorProblem(textOf(selector.value))
    if (selector && wrong !== undefined)
      yield {
        at: selector.at,
        says: wrong,
        instead: 'matchers of stream labels alone, such as {service="web"}',
      }
  }
}

function millisecondsOf(text: string): number | undefined {
  try {
    return parseDurationMs(text)
  } catch {
    return undefined
  }
}

function selectorProblem(selector: string): string | undefined {
  try {
    if (parseLog(selector).stages.length > 0)
      return 'the selector of a retention takes no filter: Loki refuses it'
  } catch (error) {
    if (error instanceof LogctlError) return `the selector is not understood: ${error.message}`
    throw error
  }
  return undefined
}

function* levelSelector(root: Tree): Generator<Remark> {
  for (const rule of itemsOf(valueAt(root, 'limits_config.retention_stream'))) {
    const selector = entryAt(rule, 'selector')
    if (selector && /\b(?:detected_)?level\s*=/.test(textOf(selector.value)))
      yield {
        at: selector.at,
        says: 'this keeps nothing longer unless level is a label of the stream; the level that Loki finds itself is none',
        instead: 'select on labels that the sender sets, or make level a label there',
      }
  }
}

const RULES: readonly Rule<Tree>[] = [
  { name: 'removed-key', severity: 'error', about: 'keys that 3.0 removed', find: removed },
  {
    name: 'no-delete-store',
    severity: 'error',
    about: 'retention without a delete store',
    find: noDeleteStore,
  },
  {
    name: 'nothing-deleted',
    severity: 'error',
    about: 'retention that nobody carries out',
    find: nothingDeleted,
  },
  { name: 'old-schema', severity: 'error', about: 'schemas that 3.x refuses', find: oldSchema },
  { name: 'index-period', severity: 'error', about: 'index periods other than a day', find: indexPeriod },
  {
    name: 'retention-stream',
    severity: 'error',
    about: 'retention rules that are refused',
    find: streamRules,
  },
  {
    name: 'level-selector',
    severity: 'warning',
    about: 'retention by a level that is no label',
    find: levelSelector,
  },
]

export const loki = format({
  kind: 'loki',
  claims: ({ text }) => /^(?:schema_config|limits_config|compactor|ingester|storage_config):/m.test(text),
  read: readYaml,
  rules: RULES,
})
