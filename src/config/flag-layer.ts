// What the flags of a command say about configuration.
import type { Layer } from './layer.js'

/** Flags that set a key; a flag that is not here is none of the configuration's. */
export const FLAG_KEYS: Readonly<Record<string, string>> = {
  listen: 'server.listen',
  'metrics-listen': 'server.metrics_listen',
  'grpc-listen': 'server.grpc_listen',
  'syslog-listen': 'syslog.listen',
  'forward-listen': 'forward.listen',
  'log-level': 'server.log_level',
  echo: 'server.echo',
  store: 'store.kind',
  data: 'store.data',
  dir: 'client.dir',
  server: 'client.server',
  key: 'client.key',
  tenant: 'client.tenant',
}

/** By flag name, as a command parsed them; `config` names the file. */
export type Flags = Readonly<Record<string, unknown>>

export function flagLayer(flags: Flags, cwd: string): Layer {
  const assignments = Object.entries(FLAG_KEYS).flatMap(([name, key]) => {
    const value = Object.hasOwn(flags, name) ? flags[name] : undefined
    const origin = `flag --${name}`
    return value === undefined ? [] : [{ key, value, origin, placeOf: () => origin, base: cwd }]
  })
  return { assignments, address: {}, problems: [], warnings: [] }
}
