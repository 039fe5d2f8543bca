// A machine over SSH as a host: keys, agent, jumps, and a host key that must be the known one.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import ssh2, { type AuthenticationType, type Client as SshClient, type ConnectConfig } from 'ssh2'
import { errnoOf, fail, LogctlError, messageOf } from '../../errors.js'
import { Secret } from '../../secret.js'
import type { Answer, Host, RunOptions } from '../host.js'
import { fingerprint, knownKeys, nameOf, remember, typeOf } from '../known-hosts.js'
import { inputText, posixHost } from '../posix-host.js'
import { toShell } from '../quote.js'
import type { SshTarget } from '../ssh-target.js'
import { elevated, type Elevation, findElevation } from '../sudo.js'
import { MAX_OUTPUT } from './local.js'

const CONNECT_MS = 20_000
/** A connection that says nothing for three of these is over. Milliseconds. */
const ALIVE_MS = 10_000

export interface SshOptions {
  readonly home: string
  /** SSH_AUTH_SOCK. */
  readonly agentSocket?: string | undefined
  /** Whether a machine that was never seen is trusted. Absent: never. */
  readonly trustNew?: ((name: string, fingerprint: string) => Promise<boolean>) | undefined
  readonly sudoPassword?: ((name: string) => Promise<Secret | undefined>) | undefined
}

/** Throws HOST_UNREACHABLE, HOST_KEY, HOST_LOGIN, HOST_SUDO. */
export async function sshHost(target: SshTarget, options: SshOptions): Promise<Host> {
  const clients: SshClient[] = []
  const close = (): Promise<void> => {
    for (const client of clients.toReversed()) client.end()
    return Promise.resolve()
  }
  try {
    for (const next of [...target.jumps, target])
      clients.push(await connect(next, { ...options, through: clients.at(-1) }))
    const client = clients.at(-1)!
    const plain = execution(client, target.name, { kind: 'none' })
    const ask = options.sudoPassword
    const elevation = await findElevation(target.name, plain, ask && (() => ask(target.name)))
    return posixHost(target.name, execution(client, target.name, elevation), close)
  } catch (error) {
    await close()
    throw error
  }
}

type Connecting = SshOptions & { readonly through: SshClient | undefined }

async function connect(target: SshTarget, options: Connecting): Promise<SshClient> {
  const knownFile = path.join(options.home, '.ssh', 'known_hosts')
  const known = await knownKeys([knownFile, '/etc/ssh/ssh_known_hosts'], target.host, target.port)
  const judged: { failure?: LogctlError } = {}
  const client = new ssh2.Client()
  const config: ConnectConfig = {
    host: target.host,
    port: target.port,
    username: target.user,
    readyTimeout: CONNECT_MS,
    keepaliveInterval: ALIVE_MS,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey: keyOrder(known.map(({ type }) => type)) },
    authHandler: await waysIn(target, options),
    hostVerifier: (key: Buffer, verify: (isGood: boolean) => void) => {
      judge(target, key, { known, knownFile, trustNew: options.trustNew }).then(
        () => verify(true),
        (error: unknown) => {
          judged.failure = error as LogctlError
          verify(false)
        },
      )
    },
    ...(options.through ? { sock: await forward(options.through, target) } : {}),
  }
  return new Promise((resolve, reject) => {
    client.once('ready', () => resolve(client))
    // After it is ready, what is cut off is told by whatever runs.
    client.on('error', (error) => reject(judged.failure ?? connectFailure(target, error)))
    client.once('close', () => reject(judged.failure ?? cutOff(target.name)))
    client.connect(config)
  })
}

function forward(
  through: SshClient,
  { host, port, name }: SshTarget,
): Promise<NonNullable<ConnectConfig['sock']>> {
  return new Promise((resolve, reject) => {
    through.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
      if (error)
        reject(
          new LogctlError('HOST_UNREACHABLE', `${name}: the jump host cannot reach it: ${error.message}`),
        )
      else resolve(stream)
    })
  })
}

type AuthMethods = NonNullable<ConnectConfig['authHandler']>

/** The agent first, then the key files, as ssh does. A key behind a passphrase is the agent's to open. */
async function waysIn(target: SshTarget, { agentSocket }: SshOptions): Promise<AuthMethods> {
  const texts = await Promise.all(target.identities.map((file) => readFile(file).catch(() => undefined)))
  const keys = texts.filter((text) => text !== undefined && !(ssh2.utils.parseKey(text) instanceof Error))
  const username = target.user
  return [
    'none' as AuthenticationType,
    ...(agentSocket ? [{ type: 'agent' as const, username, agent: agentSocket }] : []),
    ...keys.map((key) => ({ type: 'publickey' as const, username, key: key! })),
  ] as AuthMethods
}

/** Keys that the machine is known by come first, or it might show one that nobody has seen. */
function keyOrder(known: readonly string[]): ssh2.ServerHostKeyAlgorithm[] {
  const all = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ] as const
  const isKnown = (name: string): boolean => known.includes(name.startsWith('rsa-') ? 'ssh-rsa' : name)
  return [...all.filter((name) => isKnown(name)), ...all.filter((name) => !isKnown(name))]
}

interface Judging {
  readonly known: Awaited<ReturnType<typeof knownKeys>>
  readonly knownFile: string
  readonly trustNew: SshOptions['trustNew']
}

/** Resolves for a key to trust; throws HOST_KEY. */
async function judge(
  { name, host, port }: SshTarget,
  key: Buffer,
  { known, knownFile, trustNew }: Judging,
): Promise<void> {
  const shown = fingerprint(key)
  const text = key.toString('base64')
  const same = known.filter((one) => one.key === text)
  if (same.some(({ isRevoked }) => isRevoked)) fail('HOST_KEY', `${name}: its host key ${shown} was revoked`)
  if (same.length > 0) return
  if (known.some(({ type, isRevoked }) => type === typeOf(key) && !isRevoked))
    fail('HOST_KEY', `${name}: its host key is now ${shown}, and was another one before`, {
      hints: [
        'find out why: somebody may listen in between',
        `if the machine was installed anew: ssh-keygen -R '${nameOf(host, port)}'`,
      ],
    })
  if (!(await trustNew?.(name, shown)))
    fail('HOST_KEY', `${name}: its host key ${shown} is not known`, {
      hints: ['connect once with ssh and compare it, or repeat with --yes'],
    })
  await remember(knownFile, nameOf(host, port), key)
}

function connectFailure({ name, user }: SshTarget, error: Error): LogctlError {
  const { level } = error as Error & { level?: string }
  if (level === 'client-authentication')
    return new LogctlError('HOST_LOGIN', `${name}: no key is taken for the user ${user}`, {
      hints: [
        'does `ssh` get in? A key with a passphrase must be in the agent: ssh-add',
        'put your key there: ssh-copy-id',
      ],
    })
  const why = errnoOf(error) === 'ECONNREFUSED' ? 'nothing listens there' : messageOf(error)
  return new LogctlError('HOST_UNREACHABLE', `${name}: ${why}`, {
    hints: ['is the address right, is the machine up, does a firewall let SSH through?'],
    cause: error,
  })
}

function cutOff(name: string): LogctlError {
  return new LogctlError('HOST_UNREACHABLE', `${name}: the connection was cut`, {
    hints: ['repeat the same command: it goes on where it was'],
  })
}

function execution(client: SshClient, name: string, elevation: Elevation) {
  let isGone = false
  client.once('close', () => (isGone = true))
  return (argv: readonly string[], options: RunOptions = {}): Promise<Answer> => {
    if (isGone) return Promise.reject(cutOff(name))
    const whole = elevated(argv, options.input, elevation)
    return start(client, name, `LC_ALL=C ${toShell(whole.argv)}`, { ...options, input: whole.input })
  }
}

function start(client: SshClient, name: string, line: string, { input, said }: RunOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(cutOff(name))
    client.once('close', gone)
    client.exec(line, (error, channel) => {
      if (error) {
        client.off('close', gone)
        reject(new LogctlError('HOST_UNREACHABLE', `${name}: ${error.message}`, { cause: error }))
        return
      }
      const out: Buffer[] = []
      const err: Buffer[] = []
      let bytes = 0
      const take = (into: Buffer[]) => (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= MAX_OUTPUT) into.push(chunk)
        else channel.close()
      }
      channel.on('data', take(out))
      channel.stderr.on('data', take(err))
      if (said) channel.on('data', (chunk: Buffer) => said(chunk.toString('utf8')))
      channel.on('close', (code: number | null, signal: string | null) => {
        client.off('close', gone)
        if (code === null && signal === null) return gone()
        const stderr = Buffer.concat(err).toString('utf8') || (signal ? `ended by ${signal}` : '')
        return resolve({ status: code ?? 128, stdout: Buffer.concat(out).toString('utf8'), stderr })
      })
      channel.on('error', () => {})
      if (typeof input === 'function')
        input()
          .on('error', () => channel.close())
          .pipe(channel)
      else channel.end(input === undefined ? '' : inputText(input))
    })
  })
}
