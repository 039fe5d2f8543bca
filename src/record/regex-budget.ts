// Holds a regular expression to the time that its text is worth, so that no pattern of a user keeps the process from
// its other work: engines bound the steps of a match, but program × text can still be half a minute for one line.
import { fail } from '../errors.js'
import type { Regex } from './regex.js'

/** Everyday patterns take 1–10 ns a UTF-16 unit on re2js; ten times that is left for slow machines. */
const MS_PER_UNIT = 100 / 2 ** 20

/** On top, once and renewed by text that took less: first runs are interpreted, and machines are shared. */
const SLACK_MS = 250

/** From this length on the clock is also read within a match. UTF-16 units. */
const LONG_TEXT = 4096

/** How many units are read between two looks at the clock; at worst each takes about 0.1 ms. */
const UNITS_PER_LOOK = 256

/**
 * The same expression, which throws QUERY_LIMIT where it takes longer than 100 ms for a MiB of text and 250 ms more,
 * not counting the time in which the machine ran others. Each caller gets its own budget.
 */
export function withTimeBudget(regex: Regex, pattern: string): Regex {
  let leftMs = SLACK_MS
  let spentMs = 0
  let window = openWindow()
  /** Gives back what the machine kept from this process; refuses where that is not enough. */
  const settle = (runningMs: number): void => {
    const back = (spentMs + runningMs) * (1 - shareOf(window))
    if (leftMs - runningMs + back < 0) refuse(pattern)
    leftMs += back
    spentMs = -runningMs
    window = openWindow()
  }
  return {
    test(text) {
      const startedMs = performance.now()
      leftMs = Math.min(leftMs, SLACK_MS) + text.length * MS_PER_UNIT
      const look = (): void => {
        const runningMs = performance.now() - startedMs
        if (runningMs > leftMs) settle(runningMs)
      }
      const read = text.length < LONG_TEXT ? text : (new WatchedText(text, look) as unknown as string)
      const found = regex.test(read)
      const tookMs = performance.now() - startedMs
      if (tookMs > leftMs) settle(tookMs)
      leftMs -= tookMs
      spentMs += tookMs
      return found
    },
  }
}

interface Window {
  readonly startedMs: number
  readonly cpu: NodeJS.CpuUsage
}

function openWindow(): Window {
  return { startedMs: performance.now(), cpu: process.cpuUsage() }
}

/** How much of a core this process had since then, at most 1. */
function shareOf({ startedMs, cpu }: Window): number {
  const { user, system } = process.cpuUsage(cpu)
  return Math.min(1, (user + system) / 1000 / Math.max(performance.now() - startedMs, 0.001))
}

/** A text that calls back on the way; re2js takes String objects and reads them unit by unit. */
class WatchedText extends String {
  private toRead = UNITS_PER_LOOK

  constructor(
    private readonly text: string,
    private readonly onLook: () => void,
  ) {
    super(text)
  }

  override charCodeAt(at: number): number {
    if (--this.toRead === 0) {
      this.toRead = UNITS_PER_LOOK
      this.onLook()
    }
    return this.text.charCodeAt(at)
  }

  override indexOf(part: string, from?: number): number {
    return this.text.indexOf(part, from)
  }
}

function refuse(pattern: string): never {
  const shown = pattern.length > 100 ? `${pattern.slice(0, 100)}…` : pattern
  return fail('QUERY_LIMIT', `the pattern "${shown}" takes too long`, {
    hints: ['use smaller counts in {…}, fewer alternatives, or a filter on plain text before it'],
  })
}
