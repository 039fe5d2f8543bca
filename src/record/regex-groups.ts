// Regular expressions whose groups are wanted, not only whether they match; always run by re2js, whose work is linear.
import { compileRe2 } from './regex.js'

/** One match: the whole text first, then the groups; undefined for a group that took no part. */
export type Match = readonly (string | undefined)[]

export interface GroupRegex {
  /** By number of group; undefined for one without a name and for the whole match. */
  readonly names: readonly (string | undefined)[]
  /** The first match. */
  find(text: string): Match | undefined
  /** All matches, each with its place, as Go's regexp finds them: none empty right behind another. */
  findAll(text: string): readonly { readonly from: number; readonly to: number; readonly groups: Match }[]
}

/** Throws PATTERN_INVALID. */
export function compileGroups(pattern: string): GroupRegex {
  const program = compileRe2(pattern)
  const re2 = program.re2()
  const names = Array.from({ length: program.groupCount() + 1 }, (): string | undefined => undefined)
  for (const [name, group] of Object.entries(re2.namedGroups)) names[group] = name
  return {
    names,
    find: (text) => {
      const places = re2.findSubmatchIndex(text) as number[] | null
      return places ? groupsAt(text, places) : undefined
    },
    findAll: (text) => {
      const all = (re2.findAllSubmatchIndex(text, -1) ?? []) as number[][]
      return all.map((places) => ({
        from: places[0] ?? 0,
        to: places[1] ?? 0,
        groups: groupsAt(text, places),
      }))
    },
  }
}

function groupsAt(text: string, places: readonly number[]): Match {
  const groups: (string | undefined)[] = []
  for (let i = 0; i < places.length; i += 2) {
    const from = places[i] ?? -1
    groups.push(from < 0 ? undefined : text.slice(from, places[i + 1]))
  }
  return groups
}
