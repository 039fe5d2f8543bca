// Changes as data: what a step wants to be done to a machine, and how each is done.
import { fail } from '../errors.js'
import { Secret } from '../secret.js'
import type { Host, Input, NewFile } from './host.js'
import { toShell } from './quote.js'

export type Change =
  | (NewFile & { readonly kind: 'put'; readonly path: string })
  | { readonly kind: 'folder'; readonly path: string; readonly mode: string; readonly owner: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'remove'; readonly path: string; readonly before: string }
  | {
      readonly kind: 'run'
      readonly argv: readonly string[]
      /** Why, for people. */
      readonly because: string
      readonly input?: Input | undefined
      /** What a failure means, where it is no reason to stop: the machine does not allow it, or cannot reach it. */
      readonly otherwise?: 'refused' | 'unavailable' | undefined
    }

/** One line, without any content. */
export function changeText(change: Change): string {
  switch (change.kind) {
    case 'put':
      return `write ${change.path} (${change.mode} ${change.owner})`
    case 'folder':
      return `folder ${change.path} (${change.mode} ${change.owner})`
    case 'link':
      return `link ${change.path} -> ${change.target}`
    case 'remove':
      return `remove ${change.path}`
    case 'run':
      return `run ${commandText(change.argv)}: ${change.because}`
  }
}

/** A script of ours goes by its name. */
function commandText(argv: readonly string[]): string {
  const isScript = argv[0] === 'sh' && argv[1] === '-c'
  return toShell(isScript ? argv.slice(3) : argv)
}

/** Undefined when it was done; else what the machine said where that is no failure. Throws STEP_FAILED. */
export async function perform(host: Host, change: Change): Promise<string | undefined> {
  switch (change.kind) {
    case 'put':
      await host.put(change.path, change)
      return undefined
    case 'folder':
      await host.makeFolder(change.path, change)
      return undefined
    case 'link':
      await host.link(change.path, change.target)
      return undefined
    case 'remove':
      await host.remove(change.path)
      return undefined
    case 'run':
      return runChange(host, change)
  }
}

async function runChange(host: Host, change: Extract<Change, { kind: 'run' }>): Promise<string | undefined> {
  const { status, stdout, stderr } = await host.run(change.argv, { input: change.input })
  if (status === 0) return undefined
  const said = stderr.trim() || stdout.trim() || `status ${status}`
  if (change.otherwise) return said
  return fail(
    'STEP_FAILED',
    `${host.name}: ${commandText(change.argv)} ended with ${status}: ${said.slice(-2000)}`,
  )
}

/** Whether the content may be shown. */
export function isSecret(change: Change): boolean {
  return change.kind === 'put' && change.text instanceof Secret
}
