// The end of a connection, or of datagrams, when the server stops: what had been sent by then is still read.
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** After so long without anything, all that had been sent has come. Milliseconds. */
const QUIET_MS = 100
/** A sender that never pauses is cut off after this. Milliseconds. */
const LONGEST_MS = 2000

/** Resolves when nothing has come for a while, or too much. */
export async function quiet(lastMs: () => number): Promise<void> {
  const fromMs = performance.now()
  for (;;) {
    const nowMs = performance.now()
    const waitMs = QUIET_MS - (nowMs - Math.max(lastMs(), fromMs))
    if (waitMs <= 0 || nowMs - fromMs > LONGEST_MS) return
    await sleep(waitMs)
  }
}

/** Tells the sender that this is the end, reads what it sent, and closes. */
export async function drain(socket: Socket, isPaused: () => boolean): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (socket.destroyed) resolve()
    else socket.once('close', () => resolve())
  })
  let lastMs = performance.now()
  socket.on('data', () => (lastMs = performance.now()))
  socket.end()
  await Promise.race([closed, quiet(() => (isPaused() ? performance.now() : lastMs))])
  socket.destroy()
  await closed
}
