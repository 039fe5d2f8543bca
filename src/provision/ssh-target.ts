// Where `--host` leads: what was typed, completed from the user's ssh configuration as ssh itself would.
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import path from 'node:path'
import { parse, type default as SSHConfig } from 'ssh-config'
import { fail } from '../errors.js'

export interface SshTarget {
  /** As it was typed; names the machine in messages. */
  readonly name: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly identities: readonly string[]
  /** Machines that the connection goes through, the first one first. */
  readonly jumps: readonly SshTarget[]
}

export interface SshFiles {
  readonly home: string
  /** In place of ~/.ssh/config. */
  readonly configFile?: string | undefined
}

/** Keys that ssh tries where the configuration names none. */
const USUAL_IDENTITIES = ['id_ed25519', 'id_ecdsa', 'id_rsa']
const MAX_JUMPS = 8

/** `user@address`, `user@address:port`, `user@[v6]:port` or `ssh://…`. Throws USAGE. */
export async function resolveTarget(typed: string, files: SshFiles): Promise<SshTarget> {
  const file = files.configFile ?? path.join(files.home, '.ssh', 'config')
  const text = await readFile(file, 'utf8').catch(() => '')
  return resolve(typed, { config: parseConfig(text, file), home: files.home, depth: 0 })
}

interface Resolving {
  readonly config: SSHConfig
  readonly home: string
  readonly depth: number
}

function parseConfig(text: string, file: string): SSHConfig {
  try {
    return parse(text)
  } catch (error) {
    return fail('USAGE', `${file} cannot be read as an ssh configuration`, { cause: error })
  }
}

function resolve(typed: string, resolving: Resolving): SshTarget {
  const { config, home, depth } = resolving
  if (depth > MAX_JUMPS) fail('USAGE', 'ProxyJump leads through too many machines')
  const { user, host, port } = readTyped(typed)
  const found = config.compute(host, { ignoreCase: true }) as Readonly<Record<string, string | string[]>>
  const jump = textOf(found['proxyjump'])
  return {
    name: typed,
    host: (textOf(found['hostname']) ?? host).replaceAll('%h', host),
    port: port ?? Number(textOf(found['port']) ?? 22),
    user: user ?? textOf(found['user']) ?? userInfo().username,
    identities: identities(found['identityfile'], home),
    jumps:
      jump === undefined || jump.toLowerCase() === 'none'
        ? []
        : jump.split(',').map((name) => resolve(name.trim(), { ...resolving, depth: depth + 1 })),
  }
}

function identities(named: string | string[] | undefined, home: string): readonly string[] {
  const files = named === undefined ? USUAL_IDENTITIES.map((name) => `~/.ssh/${name}`) : [named].flat()
  return files.map((file) => file.replace(/^~(?=\/)|%d/g, home))
}

const textOf = (value: string | string[] | undefined): string | undefined => [value].flat()[0]

const TYPED = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([0-9A-Fa-f:.%a-z]+)\]|([^\s:@[\]/]+))(?::(\d{1,5}))?\/?$/
const BARE_V6 = /^(?:([^@\s]+)@)?([0-9A-Fa-f]*:[0-9A-Fa-f:.]+)$/

function readTyped(typed: string): { user: string | undefined; host: string; port: number | undefined } {
  const v6 = BARE_V6.exec(typed)
  if (v6 && v6[2]!.split(':').length > 2) return { user: v6[1], host: v6[2]!, port: undefined }
  const [, user, bracketed, plain, port] = TYPED.exec(typed) ?? []
  const host = bracketed ?? plain
  // What begins with a dash would be an option elsewhere.
  if (host === undefined || host.startsWith('-') || Number(port ?? 1) > 65_535)
    return fail('USAGE', `"${typed.slice(0, 200)}" is not a machine`, { hints: ['write user@address'] })
  return { user, host, port: port === undefined ? undefined : Number(port) }
}
