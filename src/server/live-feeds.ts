// The feeds of a server: a tail joins one that already reads what it asks for, where that is near its place.
import type { StoredRecord } from '../record/record.js'
import type { FollowRequest, Scanner } from '../record/scanner.js'
import { LiveFeed, type Taken } from './live-feed.js'

/** A tail further ahead than this does not wait until a feed has caught up. Records. */
const MOST_AHEAD = 20_000

/** One tail's place in what it follows. */
export interface FeedReader {
  /** Waits for what comes next; see `Taken`. */
  take(signal: AbortSignal): Promise<Taken>
  /** To be called once, at the end. */
  leave(): void
}

export class LiveFeeds {
  readonly #scanner: Scanner
  readonly #print: (record: StoredRecord) => string
  /** Of each question the feed that is furthest. */
  readonly #feeds = new Map<string, LiveFeed>()

  constructor(scanner: Scanner, print: (record: StoredRecord) => string) {
    this.#scanner = scanner
    this.#print = print
  }

  join(request: FollowRequest): FeedReader {
    const key = JSON.stringify([request.tenants?.toSorted(), request.where])
    const reader = {}
    let feed = this.#near(key, request)
    feed.join(reader, request.sequenceAbove)
    const leave = (): void => {
      if (feed.leave(reader) && this.#feeds.get(key) === feed) this.#feeds.delete(key)
    }
    return {
      take: (signal) => {
        // Who has caught up reads along with the others.
        const furthest = this.#feeds.get(key)
        const place = feed.placeOf(reader)
        if (furthest && furthest !== feed && furthest.holds(place)) {
          leave()
          feed = furthest
          feed.join(reader, place)
        }
        return feed.take(reader, signal)
      },
      leave,
    }
  }

  #near(key: string, request: FollowRequest): LiveFeed {
    const { sequenceAbove } = request
    const known = this.#feeds.get(key)
    if (known?.holds(sequenceAbove) && sequenceAbove - known.position <= MOST_AHEAD) return known
    const feed = new LiveFeed(this.#scanner, request, this.#print)
    if (!known || sequenceAbove >= known.position) this.#feeds.set(key, feed)
    return feed
  }
}
