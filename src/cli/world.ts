// What a command knows of the process that it runs in. Made once by `run`; nothing below reads the process.

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working directory. */
  readonly cwd: string
  /** The user's home folder. */
  readonly home: string
  readonly isRoot: boolean
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number
  /** Aborts at Ctrl-C. */
  readonly interrupted: AbortSignal
  /** From here on the command handles Ctrl-C itself. */
  readonly takeSignals: () => void
}

/** The terminal's colour flags are seen before oclif has read any flag: an error may come first. */
export function hasFlag(args: readonly string[], flag: string): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? args.length : end).includes(flag)
}
