// The one table of failures: every error that a person or program can meet has a code, an exit status and
// an HTTP status here. README lists the same table; a test compares the two.

interface FailureKind {
  /** Exit status of the command that meets it. */
  readonly exit: 1 | 2 | 3 | 4 | 70 | 130
  /** HTTP status of the answer that carries it. */
  readonly http: number
  /** What the code means, in one line of README. */
  readonly title: string
}

export const FAILURES = {
  USAGE: { exit: 2, http: 400, title: 'flags or arguments were not understood' },
  CONFIG_INVALID: { exit: 2, http: 500, title: 'the configuration file or an environment variable is wrong' },
  QUERY_INVALID: { exit: 2, http: 400, title: 'a selector, query or request parameter was not understood' },
  PATTERN_INVALID: { exit: 2, http: 400, title: 'a regular expression is not valid RE2' },
  TIME_INVALID: { exit: 2, http: 400, title: 'a time, date or duration was not understood' },
  NOT_OPEN: { exit: 2, http: 403, title: 'serve would listen beyond loopback without any key' },
  NOT_CONFIRMED: { exit: 2, http: 400, title: 'a destructive command needs --yes where nobody can be asked' },
  KEY_EXISTS: { exit: 2, http: 409, title: 'a key of that name exists already' },
  KEY_UNKNOWN: { exit: 1, http: 404, title: 'no key has that name' },
  CERTIFICATE_UNKNOWN: { exit: 1, http: 404, title: 'no client certificate has that name' },
  NO_LOGS: { exit: 1, http: 404, title: 'nothing was stored for that day' },
  UNHEALTHY: { exit: 1, http: 503, title: 'a health check failed' },
  UNAUTHORIZED: { exit: 3, http: 401, title: 'the server wants a key, or does not know the one given' },
  FORBIDDEN: { exit: 3, http: 403, title: 'the key lacks the scope, or is bound to another tenant' },
  NOT_FOUND: { exit: 3, http: 404, title: 'the server has no such path' },
  METHOD_NOT_ALLOWED: { exit: 3, http: 405, title: 'the path exists, but not for this method' },
  BODY_INVALID: { exit: 3, http: 400, title: 'a request body is cut off, broken or holds nothing good' },
  BODY_TOO_LARGE: {
    exit: 3,
    http: 413,
    title: 'a request body is larger than the limit, as sent or decompressed',
  },
  MEDIA_UNSUPPORTED: {
    exit: 3,
    http: 415,
    title: 'a Content-Encoding or Content-Type that this door does not read',
  },
  CLIENT_SLOW: { exit: 3, http: 408, title: 'a client sent its request too slowly' },
  RATE_LIMITED: {
    exit: 3,
    http: 429,
    title: 'the limits of a key are used up; the answer says when to try again',
  },
  OVERLOADED: { exit: 3, http: 503, title: 'too much is in flight; the answer says when to try again' },
  DISK_FULL: { exit: 3, http: 503, title: 'free space is below the threshold; reading goes on' },
  STOPPING: { exit: 3, http: 503, title: 'the server is starting or stopping' },
  HOST_UNREACHABLE: {
    exit: 3,
    http: 502,
    title: 'a machine does not answer, or the connection to it was cut',
  },
  HOST_KEY: {
    exit: 3,
    http: 502,
    title: 'a machine shows a host key that is not known, or another one than before',
  },
  HOST_LOGIN: { exit: 3, http: 502, title: 'a machine takes none of the keys for that user' },
  HOST_SUDO: { exit: 3, http: 502, title: 'the user on a machine cannot become root' },
  HOST_UNSUPPORTED: {
    exit: 3,
    http: 502,
    title: 'a machine runs a system that setup does not know, or is not fit for it',
  },
  HOST_LOCKED: { exit: 3, http: 502, title: 'another setup runs on that machine' },
  STEP_FAILED: {
    exit: 3,
    http: 502,
    title: 'a change on a machine failed; the same command goes on from there',
  },
  STEP_UNSETTLED: { exit: 3, http: 502, title: 'a change on a machine was made and did not last' },
  UNREACHABLE: { exit: 3, http: 502, title: 'the server does not answer' },
  SERVER_FAILED: { exit: 3, http: 502, title: 'the server answered with an error of its own' },
  PORT_IN_USE: { exit: 3, http: 500, title: 'another process listens on that address' },
  DATA_UNREADABLE: { exit: 3, http: 500, title: 'the data folder is missing or may not be read' },
  DATA_NEWER: { exit: 3, http: 500, title: 'the data folder was written by a newer logctl' },
  DATA_LOCKED: { exit: 3, http: 503, title: 'another process writes to this data folder' },
  DATA_DAMAGED: { exit: 3, http: 500, title: 'stored data does not match its checksum' },
  STORE_FAILED: { exit: 3, http: 503, title: 'writing to the data folder failed' },
  CLOCK_JUMPED: {
    exit: 3,
    http: 409,
    title: 'the clock is far ahead of the newest log, so prune refuses without --force',
  },
  QUERY_LIMIT: { exit: 3, http: 400, title: 'a query reached its limit of time, rows or memory' },
  OUTPUT_FAILED: { exit: 3, http: 500, title: 'stdout could not be written' },
  PLATFORM: { exit: 3, http: 500, title: 'this operating system or Node version is not supported' },
  INCOMPLETE: { exit: 4, http: 206, title: 'the answer is not whole; what is missing is said beside it' },
  INTERRUPTED: { exit: 130, http: 499, title: 'stopped by Ctrl-C' },
  BUG: { exit: 70, http: 500, title: 'a mistake in logctl itself' },
} as const satisfies Record<string, FailureKind>

export type FailureCode = keyof typeof FAILURES

/** What `LogctlError` may carry besides its code and message. */
export interface FailureDetail {
  /** What to try, one action each. */
  readonly hints?: readonly string[]
  readonly cause?: unknown
  /** Seconds after which a retry makes sense (HTTP `Retry-After`). */
  readonly retryAfterS?: number
}

/** The only error class that crosses rooms. Anything else that is thrown counts as a bug. */
export class LogctlError extends Error {
  override readonly name = 'LogctlError'
  readonly hints: readonly string[]
  readonly retryAfterS: number | undefined

  constructor(
    readonly code: FailureCode,
    message: string,
    detail: FailureDetail = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.hints = detail.hints ?? []
    this.retryAfterS = detail.retryAfterS
  }

  get exit(): number {
    return FAILURES[this.code].exit
  }

  get http(): number {
    return FAILURES[this.code].http
  }

  toJSON(): { error: { code: FailureCode; message: string; hints: readonly string[] } } {
    return { error: { code: this.code, message: this.message, hints: this.hints } }
  }
}

/** Throws the named failure; for use where an expression is wanted. */
export function fail(code: FailureCode, message: string, detail: FailureDetail = {}): never {
  throw new LogctlError(code, message, detail)
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** Node's error code (`ENOENT`, `EADDRINUSE`, …) of anything that was thrown. */
export function errnoOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined
}
