// Loads the configuration: flags over variables over the file over defaults, into one frozen object that knows
// where each value came from. Everything wrong is reported at once, as CONFIG_INVALID.
import { joinAddress } from './aliases.js'
import { configuredKeys, type KeyEntries } from './configured-keys.js'
import { envLayer, serviceEnvLayer, type Environment } from './env-layer.js'
import { fileLayer } from './file-layer.js'
import { findConfigFile, parseConfigFile } from './file.js'
import { flagLayer, type Flags } from './flag-layer.js'
import { freezeDeeply } from './freeze.js'
import type { Assignment, Layer } from './layer.js'
import { defaultDataFolder, resolvePath, type Whereabouts } from './paths.js'
import { failOnProblems, faultsOf, pathText, type Problem } from './problems.js'
import { configSchema, type Config, type KeyEntry } from './schema.js'
import { PATH_KEYS, SETTINGS } from './settings.js'

export interface Sources extends Whereabouts {
  readonly flags: Flags
  readonly env: Environment
}

export interface LoadedConfig {
  readonly config: Config
  /** `default`, `file PATH`, `env NAME` or `flag --x` of every key; several where they add up (`keys`). */
  readonly origins: ReadonlyMap<string, string>
  /** Durations and sizes as they were written, for people: `30d` where the configuration has milliseconds. */
  readonly written: ReadonlyMap<string, string>
  /** One line each. */
  readonly warnings: readonly string[]
  /** The file that was read. */
  readonly file: string | undefined
}

const EMPTY: Layer = { assignments: [], address: {}, problems: [], warnings: [] }

/** Throws CONFIG_INVALID naming every problem with its place. */
export async function loadConfig(sources: Sources): Promise<LoadedConfig> {
  const { flags, env, cwd, home } = sources
  const named = typeof flags['config'] === 'string' ? flags['config'] : undefined
  const { found, warnings } = findConfigFile(named, sources)
  const fromFile = found ? fileLayer(await parseConfigFile(found)) : EMPTY
  const service = serviceEnvLayer(env, cwd)
  const own = envLayer(env, cwd)
  const given = flagLayer(flags, cwd)
  const layers = [fromFile, service, own, given]
  const assignments = [
    ...addressed(fromFile, {}),
    ...addressed(service, fromFile.address),
    ...own.assignments,
    ...given.assignments,
  ]
  const judged = judge(assignments, home)
  const keys = configuredKeys(judged.keys, sources)
  failOnProblems([...layers.flatMap(({ problems }) => problems), ...judged.problems, ...keys.problems])
  const parsed = configSchema.parse(nest(judged.values))
  const store = { ...parsed.store, data: parsed.store.data ?? defaultDataFolder(sources) }
  return {
    config: freezeDeeply({ ...parsed, store, keys: [...keys.keys] }),
    origins: judged.origins,
    written: judged.written,
    warnings: [
      ...warnings,
      ...layers.flatMap((layer) => layer.warnings),
      ...keys.warnings,
      ...unused(judged, store.data),
    ],
    file: found?.path,
  }
}

/** The assignments of a layer, with the address that it gives in halves; what it lacks comes from below. */
function addressed({ assignments, address }: Layer, below: Layer['address']): readonly Assignment[] {
  const parts = [address.host, address.port].filter((part) => part !== undefined)
  const [first] = parts
  if (first === undefined) return assignments
  const value = joinAddress((address.host ?? below.host)?.value, (address.port ?? below.port)?.value)
  const origin = parts.map((part) => part.origin).join(', ')
  return [...assignments, { ...first, value, origin, placeOf: () => first.placeOf([]) }]
}

/** Said where a database is named, so that nobody looks for the records there. */
function unused({ values }: Judged, folder: string): readonly string[] {
  const named = [...values.keys()].find((key) => key.startsWith('store.postgres.'))
  return named === undefined
    ? []
    : [`${named} is understood, but no store uses it yet; records are kept in ${folder}`]
}

interface Judged {
  readonly values: Map<string, unknown>
  readonly origins: Map<string, string>
  readonly written: Map<string, string>
  readonly keys: KeyEntries[]
  readonly problems: Problem[]
}

/** Checks each assignment by itself, so that a problem has its exact place; the last of a key counts. */
function judge(assignments: readonly Assignment[], home: string): Judged {
  const judged: Judged = { values: new Map(), origins: new Map(), written: new Map(), keys: [], problems: [] }
  for (const { key, fallback } of SETTINGS.values()) {
    judged.origins.set(key, 'default')
    if (typeof fallback === 'string') note(judged, key, fallback)
  }
  for (const assignment of assignments) accept(judged, assignment, home)
  return judged
}

function accept(judged: Judged, assignment: Assignment, home: string): void {
  const { key, origin, placeOf, base } = assignment
  const isPath = PATH_KEYS.has(key) && typeof assignment.value === 'string'
  const value = isPath ? resolvePath(String(assignment.value), { base, home }) : assignment.value
  const result = SETTINGS.get(key)?.schema.safeParse(value)
  if (!result?.success) {
    const faults = result ? faultsOf(key, result.error, value) : []
    judged.problems.push(
      ...faults.map(({ steps, says }) => ({ key: pathText(key, steps), says, where: placeOf(steps) })),
    )
    return
  }
  if (key === 'keys') {
    const origins = [...judged.keys.map(({ from }) => from.origin), origin]
    judged.keys.push({ entries: result.data as readonly KeyEntry[], from: assignment })
    judged.origins.set(key, origins.join(', '))
    return
  }
  judged.values.set(key, value)
  judged.origins.set(key, origin)
  note(judged, key, value)
}

/** Keeps a text that stands for a number in a unit of its own. */
function note({ written }: Judged, key: string, value: unknown): void {
  const parsed = SETTINGS.get(key)?.schema.safeParse(value).data
  if (typeof value === 'string' && typeof parsed === 'number' && Number.isNaN(Number(value)))
    written.set(key, value)
  else written.delete(key)
}

/** `{'a.b': 1}` as `{a: {b: 1}}`. */
function nest(values: ReadonlyMap<string, unknown>): Readonly<Record<string, unknown>> {
  const tree: Record<string, unknown> = {}
  for (const [key, value] of values) {
    const parts = key.split('.')
    let section = tree
    for (const part of parts.slice(0, -1)) section = (section[part] ??= {}) as Record<string, unknown>
    section[parts.at(-1) ?? ''] = value
  }
  return tree
}
