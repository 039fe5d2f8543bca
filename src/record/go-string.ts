// String literals of Go (language specification, "String literals"), read and written: LogQL and label texts have them.

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  // Go has it between single quotes only; there is but one thing it can mean.
  "'": "'",
}
const BYTES = /(?:\\x[0-9a-fA-F]{2}|\\[0-7]{3})+/y
const BYTE = /\\(?:x(..)|(...))/g
const CODE_POINT = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y

/**
 * The text of a literal in double quotes or backticks; undefined where an escape is unknown or no character.
 * Bytes (`\xff`, `\377`) that are not UTF-8 become U+FFFD, as they did in every stored line.
 */
export function unquote(literal: string): string | undefined {
  const inner = literal.slice(1, -1)
  if (literal.startsWith('`') || !inner.includes('\\')) return inner
  let text = ''
  for (let at = 0; at < inner.length;) {
    const next = inner.indexOf('\\', at)
    if (next < 0) return text + inner.slice(at)
    const escape = readEscape(inner, next)
    if (!escape) return undefined
    text += inner.slice(at, next) + escape.text
    at = next + escape.length
  }
  return text
}

/** A literal in double quotes that reads as this text. */
export function quote(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what must not stand in a literal
  return `"${text.replace(/["\\]/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, escapeControl)}"`
}

function escapeControl(char: string): string {
  if (char === '\n') return '\\n'
  if (char === '\t') return '\\t'
  if (char === '\r') return '\\r'
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
}

function readEscape(inner: string, at: number): { text: string; length: number } | undefined {
  const simple = SIMPLE[inner.charAt(at + 1)]
  if (simple !== undefined) return { text: simple, length: 2 }
  BYTES.lastIndex = at
  const bytes = BYTES.exec(inner)?.[0]
  if (bytes !== undefined) {
    const values = [...bytes.matchAll(BYTE)].map(([, hex, octal]) =>
      hex ? parseInt(hex, 16) : parseInt(octal ?? '', 8),
    )
    return values.some((value) => value > 0xff)
      ? undefined
      : { text: Buffer.from(values).toString('utf8'), length: bytes.length }
  }
  CODE_POINT.lastIndex = at
  const match = CODE_POINT.exec(inner)
  if (!match) return undefined
  const code = parseInt(match[1] ?? match[2] ?? '', 16)
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
  return { text: String.fromCodePoint(code), length: match[0].length }
}
