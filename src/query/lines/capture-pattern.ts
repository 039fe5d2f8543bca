// Patterns such as `<ip> - <_> [<time>]`, by which `| pattern` takes a line apart and `|>` tests it. Semantics: Loki's
// documentation, "Pattern" and "Pattern match filter operators". Work is linear in line × pattern.

/** Literal texts and captures in turn; a capture of `_` has no name. */
export type PatternPart = { readonly literal: string } | { readonly name: string | undefined }

const CAPTURE = /<([a-zA-Z_][a-zA-Z0-9_]*)>/g

/** Longest pattern, in UTF-16 units. */
const PATTERN_LENGTH = 4096

export function readPattern(pattern: string): PatternPart[] | { readonly reason: string } {
  if (pattern.length > PATTERN_LENGTH) return { reason: `the pattern is longer than ${PATTERN_LENGTH}` }
  const parts: PatternPart[] = []
  let at = 0
  for (const match of pattern.matchAll(CAPTURE)) {
    if (match.index > at) parts.push({ literal: pattern.slice(at, match.index) })
    else if (match.index > 0)
      return { reason: `found consecutive capture '${match[0]}': the expression '${pattern}' is invalid` }
    parts.push({ name: match[1] === '_' ? undefined : match[1] })
    at = match.index + match[0].length
  }
  if (at < pattern.length) parts.push({ literal: pattern.slice(at) })
  return parts
}

/**
 * What each capture found, in their order. The first literal must open the line; where a later one is missing, the
 * capture before it takes the rest and those after it find nothing.
 */
export function capture(
  parts: readonly PatternPart[],
  line: string,
  found: (i: number, text: string) => void,
): void {
  let at = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as PatternPart
    if ('literal' in part) {
      // Only the first part comes here: the others are passed over with the capture before them.
      if (!line.startsWith(part.literal)) return
      at = part.literal.length
      continue
    }
    const next = parts[i + 1]
    const end = next && 'literal' in next ? line.indexOf(next.literal, at) : line.length
    found(i, line.slice(at, end < 0 ? line.length : end))
    if (end < 0 || !next || !('literal' in next)) return
    at = end + next.literal.length
    i++
  }
}

/** As `|>` does: every capture takes at least one character, and the whole line is used up. */
export function matches(parts: readonly PatternPart[], line: string): boolean {
  if (line === '' || parts.length === 0) return line === '' && parts.length === 0
  let at = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] as PatternPart
    if (!('literal' in part)) continue
    const found = line.indexOf(part.literal, at)
    if (found < 0 || (i === 0 ? found > 0 : found === at)) return false
    at = found + part.literal.length
  }
  const last = parts.at(-1) as PatternPart
  return 'literal' in last ? at === line.length : at < line.length
}
