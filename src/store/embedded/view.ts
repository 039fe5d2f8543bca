// A view: one moment of a data folder, in which every record stands either in a live part or in a hot segment,
// and in no two places.
import { fail, messageOf } from '../../errors.js'
import { isVanished } from './duck.js'
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
  /**
   * Resolves when a record with a higher sequence may be there, or the signal aborts; with false when nothing will
   * come any more, because the source is closed.
   */
  changed(sequence: number, signal: AbortSignal | undefined): Promise<boolean>
}

/** Whether nothing has been sealed, merged or dropped since the view was made. */
export async function isNewest(views: ViewSource, view: View): Promise<boolean> {
  return (await views.current()).manifest.generation === view.manifest.generation
}

/** For a file that is not there although the newest view names it. */
export function lostFile(cause: unknown): never {
  return fail('DATA_DAMAGED', `a file is missing: ${messageOf(cause)}`, { cause })
}

/** An answer from one view; from a newer one where files of the first have been merged or dropped meanwhile. */
export async function answerFrom<T>(views: ViewSource, act: (view: View) => Promise<T>): Promise<T> {
  for (;;) {
    const view = await views.current()
    try {
      return await act(view)
    } catch (error) {
      if (!isVanished(error)) throw error
      if (await isNewest(views, view)) lostFile(error)
    }
  }
}

/** The segments that the manifest has not retired. While recovery splits one, its pieces stand beside it. */
export function unsealed(segments: Iterable<Segment>, manifest: Manifest): Segment[] {
  let last = manifest.sealedThrough
  return [...segments]
    .sort((a, b) => a.firstSequence - b.firstSequence)
    .filter((segment) => {
      if (segment.lastSequence <= last) return false
      last = segment.lastSequence
      return true
    })
}

export function newestSequenceOf({ manifest, segments }: View): number {
  return segments.at(-1)?.lastSequence ?? manifest.sealedThrough
}
