// What every decoder is given and gives back: records, and an account of what was refused or repaired.
import type { Labels } from '../record/labels.js'
import type { LogRecord } from '../record/record.js'
import type { ScannedBatch } from './scanner/scanned-batch.js'

export interface DecodeLimits {
  /** A longer line is cut here, in bytes of UTF-8, and flagged by the field `_truncated` (its full length in bytes). */
  readonly lineBytes: number
  /** An event with more fields is refused. */
  readonly fields: number
  /** An event nested deeper is refused. */
  readonly depth: number
  /** A stream with more labels is refused (doors whose protocol has labels). */
  readonly labels: number
  /** Events of more distinct days than this in one request are refused. */
  readonly days: number
  /** An event further ahead of the clock than this is refused. Milliseconds. */
  readonly aheadMs: number
  /** An event older than this is refused; undefined takes any. Milliseconds. */
  readonly maxAgeMs?: number | undefined
  /** A record whose JSON form is longer is refused. Bytes. */
  readonly recordBytes: number
}

export interface DecodeContext {
  /** Arrival, milliseconds since the epoch. */
  readonly nowMs: number
  /** The key's bound tenant or the `X-Scope-OrgID` of the request; wins over what an event says. */
  readonly tenant?: string | undefined
  /** Keys of a flat event that are labels; every other key is a field. */
  readonly labelKeys: ReadonlySet<string>
  /** Labels that the door itself adds. */
  readonly addLabels?: Labels | undefined
  readonly limits: DecodeLimits
}

/** Why a line was refused: also the value of `reason` in `logctl_ingest_refused_total`. */
export const REJECT_REASONS = [
  'not_json',
  'not_an_object',
  'too_deep',
  'too_many_fields',
  'too_many_labels',
  'too_many_days',
  'too_far_ahead',
  'too_old',
  'too_large',
  'malformed',
  'unsupported',
] as const
export type RejectReason = (typeof REJECT_REASONS)[number]

export interface Rejection {
  /** 1-based: the line of an NDJSON or text body, the element of an array, the entry of a push. */
  readonly line: number
  readonly why: RejectReason
  /** For people: what is wrong and what the limit is. */
  readonly reason: string
}

/** What was changed or guessed in order to keep a line, each a counter. */
export const REPAIRS = [
  'line_cut',
  'text_repaired',
  'time_missing',
  'time_unreadable',
  'frame_recovered',
] as const
export type Repair = (typeof REPAIRS)[number]

export interface Decoded {
  readonly records: LogRecord[]
  /** All refusals counted by reason. */
  readonly rejected: Partial<Record<RejectReason, number>>
  /** The first ten refusals. */
  readonly rejections: Rejection[]
  readonly repaired: Partial<Record<Repair, number>>
  /** The records as bytes, where they were read so: whoever can take them saves making objects of them. */
  readonly scanned?: ScannedBatch | undefined
}

/** How many refusals an answer spells out. */
export const REJECTIONS_SHOWN = 10
