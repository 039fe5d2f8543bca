// The law of stores: what each of them promises, whatever it is made of. A store that passes answers like the
// plain scanner of these tests.
import { describe } from 'vitest'
import type { Store } from '#logctl/store/store.js'
import { randomLaws } from './random-laws.js'
import { readingLaws } from './reading-laws.js'
import { writingLaws } from './writing-laws.js'
import { followingLaws } from './following-laws.js'

/** An empty store, to be filled. */
export interface OpenStore {
  readonly store: Store
  readonly cleanup: () => Promise<void>
}

export interface ReopenableStore extends OpenStore {
  /** Closes the store and opens it again. */
  readonly reopen: () => Promise<Store>
}

export function storeLaws(
  name: string,
  open: () => Promise<OpenStore>,
  random: { readonly runs?: number; readonly requests?: number } = {},
): void {
  describe(name, () => {
    describe('reading', () => readingLaws(open))
    describe('writing', () => writingLaws(open))
    describe('following', () => followingLaws(open))
    describe('at random', () => randomLaws(open, random))
  })
}
