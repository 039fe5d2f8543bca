// What lint says of a file: where, how bad, which rule, and what to write instead.

/** In the text of a file; both count from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** `error`: the program refuses the file, or loses or exposes something. `warning`: it ignores it, or wastes something. */
export type Severity = 'error' | 'warning'

/** What a rule finds. */
export interface Remark {
  readonly at: Place
  /** What is wrong and what comes of it. */
  readonly says: string
  /** What to write instead. */
  readonly instead: string
}

/** One finding of `config lint --json`. */
export interface Finding extends Place {
  readonly file: string
  readonly severity: Severity
  /** `vector/unknown-key` */
  readonly rule: string
  readonly message: string
  readonly hint: string
}

/** A file that its format's reader cannot take; lint tells it as a finding at its place. */
export class SyntaxProblem extends Error {
  constructor(
    readonly at: Place,
    message: string,
  ) {
    super(message)
  }
}
