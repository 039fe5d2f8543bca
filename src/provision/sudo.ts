// How a command is run as root by a user who is not: with sudo, which may want a password on its stdin.
import { PassThrough } from 'node:stream'
import { Secret } from '../secret.js'
import type { Execute, Input } from './host.js'
import { fail } from '../errors.js'

export type Elevation =
  /** The user is root. */
  | { readonly kind: 'none' }
  | { readonly kind: 'sudo' }
  | { readonly kind: 'password'; readonly password: Secret }

interface Elevated {
  readonly argv: readonly string[]
  readonly input: Input | undefined
}

export function elevated(argv: readonly string[], input: Input | undefined, elevation: Elevation): Elevated {
  if (elevation.kind === 'none') return { argv, input }
  if (elevation.kind === 'sudo') return { argv: ['sudo', '-n', '--', ...argv], input }
  // -k: with a remembered login sudo would not read the password, and the command would.
  return { argv: ['sudo', '-k', '-S', '-p', '', '--', ...argv], input: behind(elevation.password, input) }
}

/** The password's line, then what the command reads. */
function behind(password: Secret, input: Input | undefined): Input {
  const line = `${password.open()}\n`
  if (typeof input !== 'function') {
    const text = input instanceof Secret ? input.open() : (input ?? '')
    return new Secret(line + text)
  }
  return () => {
    const joined = new PassThrough()
    joined.write(line)
    const source = input()
    source.on('error', (error) => joined.destroy(error))
    joined.on('close', () => source.destroy())
    return source.pipe(joined)
  }
}

/**
 * Finds out how commands become root's: the user is root, sudo wants nothing, or it wants the password that
 * `askPassword` gives. Throws HOST_SUDO.
 */
export async function findElevation(
  name: string,
  execute: Execute,
  askPassword: (() => Promise<Secret | undefined>) | undefined,
): Promise<Elevation> {
  const { stdout } = await execute(['id', '-u'])
  if (stdout.trim() === '0') return { kind: 'none' }
  const without = await execute(['sudo', '-n', '--', 'true'])
  if (without.status === 0) return { kind: 'sudo' }
  if (without.status === 127)
    return fail('HOST_SUDO', `${name}: there is no sudo, and the user is not root`, {
      hints: ['log in as root, or install sudo there'],
    })
  const password = await askPassword?.()
  if (!password)
    return fail('HOST_SUDO', `${name}: sudo wants a password`, {
      hints: ['put it into LOGCTL_SUDO_PASSWORD, or run it on a terminal without --yes'],
    })
  const elevation = { kind: 'password', password } as const
  const { argv, input } = elevated(['true'], undefined, elevation)
  const tried = await execute(argv, { input })
  if (tried.status === 0) return elevation
  return fail('HOST_SUDO', `${name}: sudo refuses: ${lastLine(tried.stderr) || `status ${tried.status}`}`, {
    hints: ['is the password right, and may the user run everything with sudo?'],
  })
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''
