// Asks before what cannot be undone.
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { fail } from '../errors.js'
import { printable } from '../format/printable.js'
import type { World } from './world.js'

/** True where somebody can be asked. */
export function isAskable({ stdin, stderr }: Pick<World, 'stdin' | 'stderr'>): boolean {
  return stdin.isTTY && stderr.isTTY
}

/** Throws NOT_CONFIRMED unless the answer is yes, and where nobody can be asked. */
export async function confirm(world: World, question: string): Promise<void> {
  if (!isAskable(world)) fail('NOT_CONFIRMED', 'nobody can be asked here', { hints: ['repeat with --yes'] })
  // The terminal edits the line itself and turns Ctrl-C into the signal that `run` waits for.
  const asking = createInterface({ input: world.stdin, output: world.stderr, terminal: false })
  try {
    const ended = once(asking, 'close').then(() => '')
    const said = await Promise.race([asking.question(`${printable(question)} [y/N] `), ended])
    if (!/^\s*y(?:es)?\s*$/i.test(said)) fail('NOT_CONFIRMED', 'nothing was done')
  } finally {
    asking.close()
  }
}
