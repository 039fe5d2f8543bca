// The lexical parts of JSON: where strings, tokens and blocks end, and what escapes stand for (RFC 8259).

/** The closing quote of a string whose text begins at `from`; -1 where there is none. */
export function stringEnd(line: string, from: number): number {
  let end = line.indexOf('"', from)
  while (end > from && line.charCodeAt(end - 1) === 92) {
    let slashes = 1
    while (end - slashes > from && line.charCodeAt(end - slashes - 1) === 92) slashes++
    if (slashes % 2 === 0) return end
    end = line.indexOf('"', end + 1)
  }
  return end
}

/** Behind a number, true, false or null that begins at `from`; -1 where the line ends first. */
export function tokenEnd(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    const code = line.charCodeAt(at)
    // A comma, a closing brace or bracket, white space.
    if (code === 44 || code === 125 || code === 93 || code === 32 || (code >= 9 && code <= 13)) return at
  }
  return -1
}

/** Behind the block that begins at `from`, whatever is in it; -1 where it never closes. */
export function skipBlock(line: string, from: number, open: '{' | '[', close: '}' | ']'): number {
  const [opens, closes] = [open.charCodeAt(0), close.charCodeAt(0)]
  let depth = 0
  for (let at = from; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === 34) {
      at = stringEnd(line, at + 1)
      if (at < 0) return -1
    } else if (code === opens) depth++
    else if (code === closes && --depth === 0) return at + 1
  }
  return -1
}

const SIMPLE: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const UNICODE = /\\u([0-9a-fA-F]{4})/y

/** Undefined where an escape is none, or half of a surrogate pair stands alone. */
export function unescapeJson(raw: string): string | undefined {
  let text = ''
  let at = 0
  for (;;) {
    const slash = raw.indexOf('\\', at)
    if (slash < 0) return text + raw.slice(at)
    text += raw.slice(at, slash)
    const letter = raw.charAt(slash + 1)
    if (letter === 'u') {
      const unit = unicodeUnit(raw, slash)
      const pair = unit >= 0xd800 && unit <= 0xdfff
      const low = pair ? unicodeUnit(raw, slash + 6) : 0
      if (unit < 0 || (pair && (unit >= 0xdc00 || low < 0xdc00 || low > 0xdfff))) return undefined
      text += pair ? String.fromCharCode(unit, low) : String.fromCharCode(unit)
      at = slash + (pair ? 12 : 6)
      continue
    }
    const simple = SIMPLE[letter]
    if (simple === undefined || letter.length !== 1) return undefined
    text += simple
    at = slash + 2
  }
}

function unicodeUnit(raw: string, at: number): number {
  UNICODE.lastIndex = at
  const digits = UNICODE.exec(raw)?.[1]
  return digits === undefined ? -1 : Number.parseInt(digits, 16)
}
