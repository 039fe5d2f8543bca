// A text that must not be seen: it prints as [redacted] wherever it is shown, and is opened only on purpose.
import { inspect } from 'node:util'

const REDACTED = '[redacted]'

export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. Only for hashing, comparing, or sending to where it belongs. */
  open(): string {
    return this.#text
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }
}
