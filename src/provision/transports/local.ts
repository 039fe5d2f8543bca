// This machine as a host, through execa.
import { execa } from 'execa'
import { Secret } from '../../secret.js'
import type { Answer, Host, RunOptions } from '../host.js'
import { inputText, posixHost } from '../posix-host.js'
import { elevated, type Elevation } from '../sudo.js'

/** Longer answers are cut off with an error; bytes. */
export const MAX_OUTPUT = 16 * 2 ** 20

export function localHost(elevation: Elevation = { kind: 'none' }): Host {
  const execute = (argv: readonly string[], options: RunOptions = {}): Promise<Answer> => {
    const { argv: whole, input } = elevated(argv, options.input, elevation)
    return start(whole, { ...options, input })
  }
  return posixHost('this machine', execute, () => Promise.resolve())
}

async function start(
  [program = '', ...args]: readonly string[],
  { input, said }: RunOptions,
): Promise<Answer> {
  const given = typeof input === 'string' || input instanceof Secret ? { input: inputText(input) } : {}
  const child = execa(program, args, {
    ...given,
    ...(input === undefined ? { stdin: 'ignore' as const } : {}),
    reject: false,
    stripFinalNewline: false,
    maxBuffer: MAX_OUTPUT,
    // What programs say must not depend on whose terminal it is.
    env: { LC_ALL: 'C' },
  })
  if (said) child.stdout.on('data', (chunk: Buffer) => said(chunk.toString('utf8')))
  if (typeof input === 'function' && child.stdin) {
    const source = input()
    source.on('error', () => child.stdin?.destroy())
    child.stdin.on('error', () => source.destroy())
    source.pipe(child.stdin)
  }
  const { exitCode, stdout, stderr, shortMessage } = await child
  return {
    status: exitCode ?? 127,
    stdout,
    stderr: stderr || (exitCode === undefined ? (shortMessage ?? '') : ''),
  }
}
