// The one shape of a check: what it looks at, and what it says when that is not well.
import type { Health, ServerStatus } from '../../client/answers.js'
import type { StoreStatus } from '../../record/store-status.js'

/** What is examined: a machine with its data folder, a server, or both. */
export interface Patient {
  /** The data folder, where that is on this machine. */
  readonly data: string | undefined
  /** The URL that was named. */
  readonly url: string | undefined
  /** The file of an authority of its own that signed the server's certificate. */
  readonly ca: string | undefined
  /** Undefined where no server runs or none answers. */
  readonly health: Health | undefined
  readonly server: ServerStatus | undefined
  /** Of the server, else of the folder. */
  readonly store: StoreStatus | undefined
  /** Why neither could be asked. */
  readonly trouble: string | undefined
  /** Of this program. */
  readonly version: string
  readonly nowMs: number
  readonly minFreeBytes: number
  /** Keys that the configuration names. */
  readonly configuredKeys: number
  /** What loading the configuration warned of. */
  readonly warnings: readonly string[]
}

export interface Verdict {
  /** `warning`: it works, and will not for long; `wrong`: it does not. */
  readonly status: 'ok' | 'warning' | 'wrong'
  readonly detail: string
  readonly fix?: string
}

export interface Check {
  readonly name: string
  readonly applies: (patient: Patient) => boolean
  readonly look: (patient: Patient) => Promise<Verdict> | Verdict
}

export const ok = (detail: string): Verdict => ({ status: 'ok', detail })
export const warning = (detail: string, fix: string): Verdict => ({ status: 'warning', detail, fix })
export const wrong = (detail: string, fix: string): Verdict => ({ status: 'wrong', detail, fix })
