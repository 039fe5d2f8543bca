// Reads the everyday part of RE2 syntax into a tree, so that a pattern can be judged: how much work a match may
// cost and which text it cannot do without. What is rare (flags inside, \p{…}, \Q…\E, POSIX classes) is not read.

export type RegexNode =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly CodeRange[] }
  | { readonly kind: 'assert'; readonly source: '^' | '$' | '\\b' }
  | { readonly kind: 'concat'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'alternation'; readonly options: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly of: RegexNode; readonly min: number; readonly max: number }

/** Code points from the first to the second, both included. */
export type CodeRange = readonly [number, number]

export interface RegexTree {
  readonly root: RegexNode
  /** `(?i)` stood in front. */
  readonly ignoreCase: boolean
}

const DIGIT: readonly CodeRange[] = [[0x30, 0x39]]
const WORD: readonly CodeRange[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
/** RE2's `\s`, which unlike JavaScript's is ASCII only and lacks the vertical tab. */
const SPACE: readonly CodeRange[] = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
]
const CLASSES: Readonly<Record<string, readonly CodeRange[]>> = { d: DIGIT, w: WORD, s: SPACE }
const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, r: 0x0d }
const NEWLINE: CodeRange = [0x0a, 0x0a]
const PUNCTUATION = /^[!-/:-@[-`{-~]$/
const COUNTED = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/
const CASE_FLAG = '(?i)'

/** Deeper groups are left to RE2 itself, which has its own limit. */
const DEPTH = 50

/** Thrown and caught here only: the pattern uses syntax that is not read. */
class NotRead extends Error {}

interface Reader {
  readonly text: string
  at: number
  depth: number
  readonly dotAll: boolean
}

/** Undefined when the pattern is outside the part that is read; the pattern must be valid RE2. */
export function readRegex(pattern: string, dotAll: boolean): RegexTree | undefined {
  const ignoreCase = pattern.startsWith(CASE_FLAG)
  const reader: Reader = {
    text: ignoreCase ? pattern.slice(CASE_FLAG.length) : pattern,
    at: 0,
    depth: 0,
    dotAll,
  }
  try {
    const root = alternation(reader)
    return reader.at === reader.text.length ? { root, ignoreCase } : undefined
  } catch (thrown) {
    if (thrown instanceof NotRead) return undefined
    throw thrown
  }
}

function alternation(reader: Reader): RegexNode {
  if (++reader.depth > DEPTH) throw new NotRead()
  const options = [concat(reader)]
  while (take(reader, '|')) options.push(concat(reader))
  reader.depth--
  return options.length === 1 ? (options[0] as RegexNode) : { kind: 'alternation', options }
}

function concat(reader: Reader): RegexNode {
  const parts: RegexNode[] = []
  while (reader.at < reader.text.length && !'|)'.includes(reader.text.charAt(reader.at))) {
    const part = quantified(reader, atom(reader))
    // A group's own sequence is part of this one: `a(bc)d` is the text `abcd`.
    if (part.kind === 'concat') parts.push(...part.parts)
    else parts.push(part)
  }
  return parts.length === 1 ? (parts[0] as RegexNode) : { kind: 'concat', parts }
}

function atom(reader: Reader): RegexNode {
  if (take(reader, '(')) return group(reader)
  if (take(reader, '[')) return charClass(reader)
  if (take(reader, '\\')) return escape(reader)
  if (take(reader, '.')) return { kind: 'class', negated: true, ranges: reader.dotAll ? [] : [NEWLINE] }
  if (take(reader, '^')) return { kind: 'assert', source: '^' }
  if (take(reader, '$')) return { kind: 'assert', source: '$' }
  if ('*+?{'.includes(reader.text.charAt(reader.at))) throw new NotRead()
  return { kind: 'char', code: codePoint(reader) }
}

function group(reader: Reader): RegexNode {
  if (take(reader, '?') && !take(reader, ':')) throw new NotRead()
  const inner = alternation(reader)
  if (!take(reader, ')')) throw new NotRead()
  return inner
}

function escape(reader: Reader): RegexNode {
  const letter = reader.text.charAt(reader.at++)
  if (letter === 'b') return { kind: 'assert', source: '\\b' }
  const ranges = CLASSES[letter.toLowerCase()]
  if (ranges) return { kind: 'class', negated: letter !== letter.toLowerCase(), ranges }
  return { kind: 'char', code: escapedCode(letter) }
}

function escapedCode(letter: string): number {
  const code = CONTROLS[letter] ?? (PUNCTUATION.test(letter) ? letter.charCodeAt(0) : undefined)
  if (code === undefined) throw new NotRead()
  return code
}

function charClass(reader: Reader): RegexNode {
  const negated = take(reader, '^')
  const ranges: CodeRange[] = []
  for (let first = true; first || !take(reader, ']'); first = false) {
    const low = classItem(reader)
    if (typeof low !== 'number') {
      ranges.push(...low)
      continue
    }
    const rest = reader.text.slice(reader.at, reader.at + 2)
    if (rest.length < 2 || !rest.startsWith('-') || rest.endsWith(']')) {
      ranges.push([low, low])
      continue
    }
    reader.at++
    const high = classItem(reader)
    if (typeof high !== 'number' || high < low) throw new NotRead()
    ranges.push([low, high])
  }
  return { kind: 'class', negated, ranges }
}

function classItem(reader: Reader): number | readonly CodeRange[] {
  if (reader.at >= reader.text.length || reader.text.startsWith('[:', reader.at)) throw new NotRead()
  if (!take(reader, '\\')) return codePoint(reader)
  const letter = reader.text.charAt(reader.at++)
  return CLASSES[letter] ?? escapedCode(letter)
}

function quantified(reader: Reader, of: RegexNode): RegexNode {
  const [min, max] = quantifier(reader)
  if (min === 1 && max === 1) return of
  // Laziness changes which match is found, not whether there is one.
  take(reader, '?')
  if ('*+?{'.includes(reader.text.charAt(reader.at) || 'end')) throw new NotRead()
  return { kind: 'repeat', of, min, max }
}

function quantifier(reader: Reader): readonly [number, number] {
  if (take(reader, '*')) return [0, Infinity]
  if (take(reader, '+')) return [1, Infinity]
  if (take(reader, '?')) return [0, 1]
  if (!reader.text.startsWith('{', reader.at)) return [1, 1]
  const counted = COUNTED.exec(reader.text.slice(reader.at, reader.at + 12))
  if (!counted) throw new NotRead()
  const [whole, low, comma, high] = counted
  reader.at += whole.length
  const min = Number(low)
  const max = comma === undefined ? min : high === undefined ? Infinity : Number(high)
  // `a{1}` would read as no quantifier at all, and then a second one could follow.
  if (min === 1 && max === 1) throw new NotRead()
  return [min, max]
}

function codePoint(reader: Reader): number {
  const code = reader.text.codePointAt(reader.at) ?? 0
  // Half of a surrogate pair would be found inside a whole one by a search over UTF-16 units.
  if (code >= 0xd800 && code <= 0xdfff) throw new NotRead()
  reader.at += code > 0xffff ? 2 : 1
  return code
}

function take(reader: Reader, char: string): boolean {
  if (!reader.text.startsWith(char, reader.at)) return false
  reader.at++
  return true
}
