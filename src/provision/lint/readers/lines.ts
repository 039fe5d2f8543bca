// The lines of a text that say something, with their places; and the place of a piece of text within it.
import type { Place } from '../finding.js'

export interface Line {
  /** Of the first character that is no space. */
  readonly at: Place
  /** Without the spaces around it. */
  readonly text: string
}

/** Lines that are neither empty nor begin with one of the marks of a comment. */
export function linesOf(text: string, comments: RegExp): Line[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const said = raw.trim()
    if (said === '' || comments.test(said)) return []
    return [{ at: { line: index + 1, column: raw.length - raw.trimStart().length + 1 }, text: said }]
  })
}

/** Where a piece of text first stands, from a place on; that place itself where it does not. */
export function placeOf(text: string, piece: string, from: Place): Place {
  const lines = text.split(/\r?\n/)
  for (let index = from.line - 1; index < lines.length; index++) {
    const column = (lines[index] ?? '').indexOf(piece, index === from.line - 1 ? from.column - 1 : 0)
    if (column >= 0) return { line: index + 1, column: column + 1 }
  }
  return from
}
