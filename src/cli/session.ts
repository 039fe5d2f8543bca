// One run of a command: its settings, where its results and its talk go, and whether its answer is whole.
import type { LoadedConfig } from '../config/load.js'
import { fail } from '../errors.js'
import type { Paint } from '../format/paint.js'
import { printable } from '../format/printable.js'
import type { GlobalFlags } from './global-flags.js'
import { paintFor } from './paint.js'
import type { World } from './world.js'
import { type Out, writeOut } from './write-out.js'

/** What commands exit with when something of the answer is missing. */
const INCOMPLETE = 4

export interface Session {
  readonly world: World
  readonly loaded: LoadedConfig
  readonly out: Out
  /** For stdout. */
  readonly paint: Paint
  readonly json: boolean
  readonly verbose: boolean
  /** Only results and errors are wanted. */
  readonly isQuiet: boolean
  /** True when stdout is a terminal. */
  readonly terminal: boolean
  /** The tenants asked for; undefined means all that may be seen. */
  readonly tenants: readonly string[] | undefined
  /** Talk on stderr, unless --quiet. */
  say(text: string): void
  /** Talk that only --verbose wants. */
  detail(text: string): void
  /** Something of the answer is missing: said on stderr always, and the status becomes 4. */
  readonly warn: (message: string) => void
  /** The status to end with. */
  status(whole: number): number
}

export async function startSession(flags: GlobalFlags, world: World): Promise<Session> {
  const { loadConfig } = await import('../config/load.js')
  const loaded = await loadConfig({ ...world, flags: flags as Readonly<Record<string, unknown>> })
  const { stdout, stderr } = world
  const warned = new Set<string>()
  const tell = (text: string): void => void stderr.write(`${printable(text)}\n`)
  const quiet = flags.quiet ?? false
  const verbose = flags.verbose ?? false
  for (const warning of quiet ? [] : loaded.warnings) tell(`warning: ${warning}`)
  return {
    world,
    loaded,
    out: writeOut(stdout),
    paint: paintFor(stdout, world, flags['no-color'] ?? false),
    json: flags.json ?? false,
    verbose,
    isQuiet: quiet,
    terminal: stdout.isTTY,
    tenants: tenantsOf(loaded.config.client.tenant),
    say: (text) => (quiet ? undefined : tell(text)),
    detail: (text) => (verbose ? tell(text) : undefined),
    warn(message) {
      if (!warned.has(message)) tell(`warning: ${message}`)
      warned.add(message)
    },
    status: (whole) => (warned.size > 0 ? INCOMPLETE : whole),
  }
}

/** As the header X-Scope-OrgID names them: `a|b` is both. */
function tenantsOf(named: string | undefined): readonly string[] | undefined {
  if (named === undefined) return undefined
  const tenants = [...new Set(named.split('|').filter((tenant) => tenant !== ''))]
  return tenants.length > 0 ? tenants : fail('QUERY_INVALID', `"${named}" names no tenant`)
}

/** Prints a value for programs, or the text for people. */
export async function answer(session: Session, value: unknown, text: () => string): Promise<void> {
  await session.out.write(session.json ? `${JSON.stringify(value)}\n` : text())
}
