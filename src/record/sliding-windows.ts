// The values of windows that slide over stretches of time.
import type { Fold, Folded } from './fold.js'
import type { Stretches } from './stretches.js'

/**
 * The windows slide over the stretches. What is in the window lies on two stacks: `older` holds each joined with all
 * that is newer on its own stack, so that dropping the oldest needs no subtraction, and each is joined twice at most.
 */
export async function pointsOf(
  folded: ReadonlyMap<number, Folded>,
  { windows, reachOf }: Stretches,
  { fold, takeTurn }: { readonly fold: Fold; readonly takeTurn: () => Promise<void> | undefined },
): Promise<[number, number][]> {
  const filled = [...folded].sort(([a], [b]) => a - b)
  const points: [number, number][] = []
  const older: { readonly number: number; readonly joined: Folded }[] = []
  let newer: { readonly number: number; readonly folded: Folded }[] = []
  let newest: Folded | undefined
  let next = 0
  for (let window = 0; window < windows; window++) {
    const [first, last] = reachOf(window)
    for (; next < filled.length && (filled[next] as [number, Folded])[0] <= last; next++) {
      const [number, one] = filled[next] as [number, Folded]
      newer.push({ number, folded: one })
      newest = newest ? fold.join(newest, one) : one
    }
    const gone = (): boolean => ((older.at(-1) ?? newer[0])?.number ?? Number.POSITIVE_INFINITY) < first
    while (gone()) {
      if (older.length === 0) {
        for (const one of newer.toReversed()) {
          const above = older.at(-1)?.joined
          older.push({ number: one.number, joined: above ? fold.join(one.folded, above) : one.folded })
        }
        newer = []
        newest = undefined
      }
      older.pop()
    }
    const oldest = older.at(-1)?.joined
    const whole = oldest && newest ? fold.join(oldest, newest) : (oldest ?? newest)
    if (!whole) continue
    points.push([window, fold.end(whole)])
    await takeTurn()
  }
  return points
}
