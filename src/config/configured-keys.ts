// Finds the values of configured keys: each is given in place, by a variable or by a file.
import { readFileSync, statSync } from 'node:fs'
import { errnoOf } from '../errors.js'
import { Secret } from '../secret.js'
import type { Environment } from './env-layer.js'
import type { Assignment } from './layer.js'
import { resolvePath } from './paths.js'
import { pathText, type Problem } from './problems.js'
import { type ConfigKey, KEY_LIMITS, type KeyEntry } from './schema.js'

/** The entries of one source. */
export interface KeyEntries {
  readonly entries: readonly KeyEntry[]
  readonly from: Assignment
}

interface Surroundings {
  readonly env: Environment
  readonly home: string
}

/** A longer key would not fit a header that a server reads. */
export const MAX_KEY_BYTES = 4096

export interface ConfiguredKeys {
  readonly keys: readonly ConfigKey[]
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}

export function configuredKeys(sources: readonly KeyEntries[], surroundings: Surroundings): ConfiguredKeys {
  const keys: ConfigKey[] = []
  const problems: Problem[] = []
  for (const { entries, from } of sources) {
    for (const [at, entry] of entries.entries()) {
      const found = valueOf(entry, from.base, surroundings)
      const taken = keys.some(({ name }) => name === entry.name)
      const says = taken
        ? `another key has the name ${entry.name}`
        : 'problem' in found
          ? found.problem
          : undefined
      if (says !== undefined) problems.push({ key: pathText('keys', [at]), says, where: from.placeOf([at]) })
      else if ('value' in found) keys.push(keyOf(entry, found.value))
    }
  }
  return { keys, problems, warnings: sameValues(keys) }
}

function keyOf({ name, tenant, scopes, ...entry }: KeyEntry, value: Secret): ConfigKey {
  const limits = Object.fromEntries(
    KEY_LIMITS.flatMap((limit) => (entry[limit] === undefined ? [] : [[limit, entry[limit]]])),
  )
  return { name, value, tenant, scopes, limits }
}

function valueOf(
  entry: KeyEntry,
  base: string,
  { env, home }: Surroundings,
): { value: Secret } | { problem: string } {
  const { name, value, env: variable, file } = entry
  if (value !== undefined) return { value }
  if (variable !== undefined) {
    const text = env[variable]?.trim()
    if (!text) return { problem: `the key ${name} is in the variable ${variable}, which is not set` }
    return text.length > MAX_KEY_BYTES
      ? { problem: `the variable ${variable} of the key ${name} is longer than ${MAX_KEY_BYTES} bytes` }
      : { value: new Secret(text) }
  }
  return fileValue(name, resolvePath(file ?? '', { base, home }))
}

function fileValue(name: string, path: string): { value: Secret } | { problem: string } {
  try {
    if (statSync(path).size > MAX_KEY_BYTES) {
      return { problem: `the file ${path} of the key ${name} is longer than ${MAX_KEY_BYTES} bytes` }
    }
    const text = readFileSync(path, 'utf8').trim()
    return text === ''
      ? { problem: `the file ${path} of the key ${name} is empty` }
      : { value: new Secret(text) }
  } catch (error) {
    return {
      problem: `the file ${path} of the key ${name} cannot be read (${errnoOf(error) ?? 'unknown error'})`,
    }
  }
}

/** Two names for one text: only the first can ever be found. */
function sameValues(keys: readonly ConfigKey[]): readonly string[] {
  const first = new Map<string, string>()
  return keys.flatMap(({ name, value }) => {
    const earlier = first.get(value.open())
    if (earlier === undefined) first.set(value.open(), name)
    return earlier === undefined
      ? []
      : [`the keys ${earlier} and ${name} have the same value; only ${earlier} counts`]
  })
}
