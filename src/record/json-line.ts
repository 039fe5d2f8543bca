// Whether a line is a JSON object in the eyes of LogQL's `json` parser, told without its leniency: what JSON itself
// accepts it reads too, what does not begin as an object it refuses, and of all else nothing is said.

/** Fewer objects inside each other than the parser refuses. */
const MOST_OBJECTS = 100

export function jsonLine(line: string): 'object' | 'none' | 'unsure' {
  if (!/^[ \t\r\n]*\{/.test(line)) return 'none'
  // Escapes in keys may be more than the parser takes.
  if (line.includes('\\') || line.split('{', MOST_OBJECTS + 1).length > MOST_OBJECTS) return 'unsure'
  try {
    JSON.parse(line)
    return 'object'
  } catch {
    return 'unsure'
  }
}
