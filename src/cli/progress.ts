// Says on a terminal how far long work is; anywhere else, and with --quiet, nothing.
import type { Session } from './session.js'

export interface Progress {
  show(text: string): void
  end(): void
}

/** More often nobody reads. Milliseconds. */
const SHOW_MS = 100

export async function startProgress({ world, isQuiet }: Session, text: string): Promise<Progress> {
  if (!world.stderr.isTTY || isQuiet) return { show: () => {}, end: () => {} }
  const { default: ora } = await import('ora')
  // A hidden cursor would be shown again by a handler of signals that ends the process before it has unwound.
  const spinner = ora({ text, stream: world.stderr, discardStdin: false, hideCursor: false }).start()
  let shownMs = 0
  return {
    show(now) {
      if (world.nowMs() - shownMs < SHOW_MS) return
      shownMs = world.nowMs()
      spinner.text = now
    },
    end: () => void spinner.stop(),
  }
}
