// A layer of configuration: what one source (file, variables, flags) says, before it is judged.
import type { AddressPart } from './aliases.js'
import type { Problem } from './problems.js'

export interface Assignment {
  readonly key: string
  readonly value: unknown
  /** `file /etc/logctl/logctl.yml`, `env LOGCTL_DATA`, `flag --data`. */
  readonly origin: string
  /** The origin and the place in it, for errors; `steps` lead from the value to a part of it. */
  readonly placeOf: (steps: readonly (string | number)[]) => string
  /** Relative paths start here. */
  readonly base: string
}

export interface Layer {
  readonly assignments: readonly Assignment[]
  /** Halves of an address that is given as host and port. */
  readonly address: Partial<Record<AddressPart, Assignment>>
  readonly problems: readonly Problem[]
  readonly warnings: readonly string[]
}
