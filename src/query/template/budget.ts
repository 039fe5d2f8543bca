// What one entry may cost a template: `repeat` in `range` in `repeat` would fill any memory and take any time.
import { TemplateFailure } from './value.js'

/** UTF-16 units of all texts that are made on the way, for one entry and template. */
const TEXT = 8 * 1024 * 1024

/** Actions run and functions called. */
const STEPS = 50_000

/** Templates that call each other. */
const DEPTH = 100

export class Budget {
  #text = TEXT
  #steps = STEPS
  #depth = 0

  /** Before or after a text of that length is made; before, where it could be much longer than what it is made of. */
  text(length: number): void {
    this.#text -= length
    if (this.#text < 0) throw new TemplateFailure('exceeded the limit of output')
  }

  step(): void {
    if (--this.#steps < 0) throw new TemplateFailure('exceeded the limit of steps')
  }

  inside<T>(run: () => T): T {
    if (++this.#depth > DEPTH) throw new TemplateFailure(`exceeded maximum template depth (${DEPTH})`)
    try {
      return run()
    } finally {
      this.#depth--
    }
  }
}
