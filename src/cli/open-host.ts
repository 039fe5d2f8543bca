// Opens a machine that was named with --host: this one, or another over SSH.
import { Secret } from '../secret.js'
import { confirm, isAskable } from './confirm.js'
import type { Host } from '../provision/host.js'
import type { Progress } from './progress.js'
import type { Session } from './session.js'

/** The name of this machine for --host. */
const LOCAL = 'local'

export interface OpenHostOptions {
  /** Nobody is asked; machines that were never seen are trusted. */
  readonly yes: boolean
  readonly pausing: Pick<Progress, 'end'>
}

export async function openHost(session: Session, name: string, options: OpenHostOptions): Promise<Host> {
  if (name === LOCAL) return openLocal()
  const { world } = session
  const { resolveTarget } = await import('../provision/ssh-target.js')
  const { sshHost } = await import('../provision/transports/ssh.js')
  const target = await resolveTarget(name, { home: world.home })
  return sshHost(target, {
    home: world.home,
    agentSocket: world.env['SSH_AUTH_SOCK'],
    trustNew: (machine, fingerprint) => trust(session, { machine, fingerprint }, options),
    sudoPassword: (machine) => sudoPassword(session, machine, options),
  })
}

async function openLocal(): Promise<Host> {
  const { localHost } = await import('../provision/transports/local.js')
  const { findElevation } = await import('../provision/sudo.js')
  const plain = localHost()
  return localHost(await findElevation(plain.name, (argv) => plain.ask(argv), undefined))
}

interface Shown {
  readonly machine: string
  readonly fingerprint: string
}

async function trust(
  session: Session,
  { machine, fingerprint }: Shown,
  { yes, pausing }: OpenHostOptions,
): Promise<boolean> {
  session.say(`${machine} is seen for the first time; its host key is ${fingerprint}`)
  if (yes) return true
  if (!isAskable(session.world)) return false
  pausing.end()
  await confirm(session.world, `trust ${machine} with that key from now on?`)
  return true
}

async function sudoPassword(
  { world }: Session,
  machine: string,
  { yes, pausing }: OpenHostOptions,
): Promise<Secret | undefined> {
  const given = world.env['LOGCTL_SUDO_PASSWORD']
  if (given !== undefined && given !== '') return new Secret(given)
  if (yes || !isAskable(world)) return undefined
  pausing.end()
  const { default: inquirer } = await import('inquirer')
  const { password } = await inquirer.prompt<{ password: string }>([
    { type: 'password', name: 'password', message: `sudo password on ${machine}`, mask: '*' },
  ])
  return new Secret(password)
}
