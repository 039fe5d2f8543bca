// What the environment says: LOGCTL_A_B_C for every key a.b_c, the short names, and the log-ingestion service's.
import {
  API_KEYS_VARIABLE,
  SERVICE_ADDRESS_VARIABLES,
  SERVICE_API_KEYS_VARIABLE,
  SERVICE_PREFIX,
  SERVICE_VARIABLES,
  SHORT_VARIABLES,
  apiKeys,
  plainKeys,
  splitKeys,
  type AddressPart,
} from './aliases.js'
import type { Assignment, Layer } from './layer.js'
import { nearest } from './nearest.js'
import { SETTINGS } from './settings.js'

export type Environment = Readonly<Record<string, string | undefined>>

const OWN_VARIABLES: Readonly<Record<string, string>> = Object.fromEntries(
  [...SETTINGS.values()].filter(({ key }) => key !== 'keys').map(({ key, variable }) => [variable, key]),
)

/**
 * What Kubernetes puts into every pod for a Service named `logctl` or `logctl-…` (and Docker's links did):
 * nobody wrote these.
 */
const SERVICE_LINK = /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:ADDR|PORT|PROTO))?$/
const isServiceLink = (name: string, value: string): boolean =>
  SERVICE_LINK.test(name) || (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value))

function assignment(variable: string, key: string, said: { value: unknown; cwd: string }): Assignment {
  const origin = `env ${variable}`
  return { key, value: said.value, origin, placeOf: () => origin, base: said.cwd }
}

/** The variables that are set; an empty one counts as not set, as compose files leave them. */
function present(env: Environment, prefix: string): readonly (readonly [string, string])[] {
  return Object.entries(env)
    .filter((entry): entry is [string, string] => entry[0].startsWith(prefix) && !!entry[1]?.trim())
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([name, value]) => !isServiceLink(name, value) || Object.hasOwn(OWN_VARIABLES, name))
}

/** The log-ingestion service's variables: the layer below `envLayer`. */
export function serviceEnvLayer(env: Environment, cwd: string): Layer {
  const assignments: Assignment[] = []
  const address: Partial<Record<AddressPart, Assignment>> = {}
  const warnings: string[] = []
  for (const [name, value] of present(env, SERVICE_PREFIX)) {
    const key = SERVICE_VARIABLES[name]
    const part = SERVICE_ADDRESS_VARIABLES[name]
    if (key !== undefined) assignments.push(assignment(name, key, { value, cwd }))
    else if (part !== undefined) address[part] = assignment(name, 'server.listen', { value, cwd })
    else if (name !== SERVICE_API_KEYS_VARIABLE) warnings.push(unknown(name))
    else if (!env[API_KEYS_VARIABLE]?.trim()) {
      assignments.push(assignment(name, 'keys', { value: plainKeys('api', splitKeys(value)), cwd }))
    }
  }
  return { assignments, address, problems: [], warnings }
}

/** Our own variables; the short names stand last, and so win. */
export function envLayer(env: Environment, cwd: string): Layer {
  const own: Assignment[] = []
  const short: Assignment[] = []
  const warnings: string[] = []
  for (const [name, value] of present(env, 'LOGCTL_')) {
    const key = OWN_VARIABLES[name]
    const shortKey = SHORT_VARIABLES[name]
    if (key !== undefined) own.push(assignment(name, key, { value, cwd }))
    else if (shortKey !== undefined) short.push(assignment(name, shortKey, { value, cwd }))
    else if (name === API_KEYS_VARIABLE) own.push(assignment(name, 'keys', { value: apiKeys(value), cwd }))
    else warnings.push(unknown(name))
  }
  return { assignments: [...own, ...short], address: {}, problems: [], warnings }
}

/** Every variable that is read, for documents and suggestions. */
export const VARIABLES: readonly string[] = [
  ...Object.keys(OWN_VARIABLES),
  ...Object.keys(SHORT_VARIABLES),
  API_KEYS_VARIABLE,
  ...Object.keys(SERVICE_VARIABLES),
  ...Object.keys(SERVICE_ADDRESS_VARIABLES),
  SERVICE_API_KEYS_VARIABLE,
]

function unknown(name: string): string {
  const meant = nearest(name, VARIABLES)
  return `the variable ${name} is not known and does not count${meant === undefined ? '' : `; did you mean ${meant}?`}`
}
