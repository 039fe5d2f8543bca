// The writing side of the hot log: gives sequences, frames batches, opens and closes segments, gathers small
// batches into one commit, and makes a batch visible to readers once it is on disk.
import { mkdirSync } from 'node:fs'
import type { LogRecord } from '../../record/record.js'
import type { AppendBatch, Appended } from '../store.js'
import { type Frame, printFrame, printHeader } from './frame.js'
import { FOLDER_MODE, hotFolder, segmentFile } from './filenames.js'
import type { HotLog } from './hot-log.js'
import type { WriteOrder } from './hot-thread.js'
import type { EmbeddedOptions } from './options.js'
import { Segment, printHotLine } from './segment.js'

/** A commit does not wait longer for company: senders wait for it. Milliseconds. */
const MAX_GATHER_MS = 5

interface OpenSegment {
  readonly segment: Segment
  readonly openedMs: number
  /** Bytes ordered, durable or not. */
  orderedBytes: number
  /** Writes that are not on disk yet. */
  pending: number
  lastWriteMs: number
}

export class HotWriter {
  readonly #log: HotLog
  readonly #options: EmbeddedOptions
  readonly #onClosed: (segment: Segment) => void
  #open: OpenSegment | undefined
  #nextSequence: number
  readonly #closing = new Set<Promise<void>>()
  #listeners = new Set<() => void>()
  #newest: number

  constructor(log: HotLog, nextSequence: number, options: EmbeddedOptions, onClosed: (segment: Segment) => void) {
    this.#log = log
    this.#options = options
    this.#onClosed = onClosed
    this.#nextSequence = nextSequence
    this.#newest = nextSequence - 1
    mkdirSync(hotFolder(options.path), { recursive: true, mode: FOLDER_MODE })
  }

  /** The segment that is written to, with what is on disk of it. */
  get open(): Segment | undefined {
    return this.#open?.segment
  }
}
