// A view: one moment of a data folder, in which every record stands either in a live part or in a hot segment,
// and in no two places.
import type { Manifest } from './manifest.js'
import type { Segment } from './segment.js'

export interface View {
  readonly manifest: Manifest
  /** Only segments whose records are not in parts, in the order of their sequence. */
  readonly segments: readonly Segment[]
  /** What keeps answers from being whole. */
  readonly warnings: readonly string[]
}

/** Where views come from: the process that writes, or one that reads beside it. */
export interface ViewSource {
  current(): Promise<View>
  /** Resolves when a record with a higher sequence may be there, or the signal aborts. */
  changed(sequence: number, signal: AbortSignal | undefined): Promise<void>
}

/** The segments that the manifest has not retired. */
export function unsealed(segments: Iterable<Segment>, manifest: Manifest): Segment[] {
  return [...segments]
    .filter((segment) => segment.lastSequence > manifest.sealedThrough)
    .sort((a, b) => a.firstSequence - b.firstSequence)
}

export function newestSequenceOf({ manifest, segments }: View): number {
  return segments.at(-1)?.lastSequence ?? manifest.sealedThrough
}
