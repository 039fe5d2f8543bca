// The server's log about itself, on stderr: text for a terminal, JSON lines for everything else. Written at once,
// so that the last words before a crash are not lost.
import type { DestinationStream, Logger } from 'pino'
import pino from 'pino'
import pretty from 'pino-pretty'

export type { Logger }

const STDERR = 2

export interface OwnLogOptions {
  readonly level: string
  /** `auto`: text where stderr is a terminal. */
  readonly format: 'auto' | 'text' | 'json'
  readonly isTerminal: boolean
  readonly colour: boolean
}

/** Each JSON line has `time` (RFC 3339), `level` (a word) and `message`. */
export function ownLog({ level, format, isTerminal, colour }: OwnLogOptions): Logger {
  const asText = format === 'text' || (format === 'auto' && isTerminal)
  return createLog(level, asText ? prettyStderr(colour) : plainStderr())
}

/** The same log to anywhere else. */
export function createLog(level: string, to: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  )
}

function plainStderr(): DestinationStream {
  const stream = pino.destination({ fd: STDERR, sync: true })
  // A reader of stderr that went away must not stop the server.
  stream.on('error', () => {})
  return stream
}

function prettyStderr(colour: boolean): DestinationStream {
  return pretty({
    destination: STDERR,
    sync: true,
    colorize: colour,
    messageKey: 'message',
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  })
}
