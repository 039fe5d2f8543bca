// Sets machines up to run the log server as a service of systemd, and proves that it takes and finds a line.
import { durationMs } from '../record/time.js'
import { fail } from '../errors.js'
import type { Host } from '../provision/host.js'
import { isAskable } from './confirm.js'
import type { Session } from './session.js'
import { setupHosts } from './setup-hosts.js'

export interface SystemdWish {
  readonly host: readonly string[] | undefined
  readonly listen: string | undefined
  readonly retention: string | undefined
  readonly yes: boolean
  readonly 'dry-run': boolean
  readonly diff: boolean
  readonly check: boolean
}

export interface ProgramFacts {
  /** The folder of the program. */
  readonly root: string
  readonly version: string
}

/** Resolves to the exit status. */
export async function setupSystemd(
  session: Session,
  wish: SystemdWish,
  program: ProgramFacts,
): Promise<number> {
  checkAnswers(wish)
  const hosts = wish.host ?? [await askHost(session, wish.yes)]
  const { makeBundle } = await import('../provision/bundle.js')
  const { systemdPlan } = await import('../provision/plans/systemd.js')
  const bundle = await makeBundle({
    root: program.root,
    node: process.execPath,
    platform: process.platform,
    architecture: process.arch,
  })
  const steps = await systemdPlan({ bundle, listen: wish.listen, retention: wish.retention })
  const { yes, diff, check } = wish
  const dryRun = wish['dry-run']
  return setupHosts(session, { hosts, steps, version: program.version, yes, diff, check, dryRun, prove })
}

/** What goes into the configuration as it was typed is looked at before any machine is. */
function checkAnswers({ listen, retention }: SystemdWish): void {
  if (listen !== undefined && !/^(?:[\w.-]+|\[[\da-fA-F:]+\]):\d{1,5}$/.test(listen))
    fail('USAGE', `"${listen}" is not an address to listen on`, { hints: ['write HOST:PORT'] })
  if (retention !== undefined && (!/^\w+$/.test(retention) || durationMs(retention) === undefined))
    fail('USAGE', `"${retention}" is not an age`, { hints: ['write 30d'] })
}

async function askHost({ world }: Session, yes: boolean): Promise<string> {
  if (yes || !isAskable(world))
    return fail('USAGE', 'no machine was named', { hints: ['name it with --host USER@ADDRESS'] })
  const { default: inquirer } = await import('inquirer')
  const { host } = await inquirer.prompt<{ host: string }>([
    { type: 'input', name: 'host', message: 'which machine (user@address)?' },
  ])
  return host.trim()
}

/** The machine's own command looks: what it needs lies there, and no key travels. */
async function prove(host: Host): Promise<string> {
  const { CONFIG_FILE, PROGRAM_LINK } = await import('../provision/plans/systemd.js')
  const answer = await host.run([PROGRAM_LINK, 'verify', '--json', '--config', CONFIG_FILE])
  if (answer.status === 0) return 'verified'
  const said = answer.stdout.trim() || answer.stderr.trim()
  return fail('UNHEALTHY', `${host.name}: set up, but it does not pass: ${said.slice(0, 2000)}`, {
    hints: [`look at it there: logctl verify; journalctl -u logctl`],
  })
}
