// Label sets as text, `{app="web", env="prod"}`: how Loki's protobuf push carries them and how its messages show them.
import { Dictionary } from '../record/dictionary.js'
import type { Labels } from '../record/labels.js'

// A name, `=`, and a value in double quotes with escapes or in backquotes without; a comma or the closing brace.
const PAIR = /\s*([^\s=,{}"`]+)\s*=\s*(?:"((?:[^"\\\n]|\\[^\n])*)"|`([^`]*)`)\s*(,|\})/y
const EMPTY = /\s*\}/y
const ESCAPE = /\\(?:([abfnrtv\\"'])|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{3})|([^]))/g
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
  "'": "'",
}
/** Loki refuses longer texts too. UTF-16 units. */
const LONGEST_TEXT = 1_048_576

/** Undefined when the text is no label set. Of a name that comes twice the first value counts. */
export function parseLabelText(text: string): Labels | undefined {
  if (text.length > LONGEST_TEXT) return undefined
  const open = /^\s*\{/.exec(text)
  if (open === null) return undefined
  const labels = new Dictionary<string>()
  for (let at = open[0].length; ;) {
    const end = matchAt(EMPTY, text, at)
    if (end !== null) return isBlank(text, EMPTY.lastIndex) ? labels : undefined
    const pair = matchAt(PAIR, text, at)
    if (pair === null) return undefined
    const [, name = '', quoted, raw, after] = pair
    at = PAIR.lastIndex
    const value = quoted === undefined ? raw : unquote(quoted)
    if (value === undefined) return undefined
    if (!(name in labels)) labels[name] = value
    if (after === '}') return isBlank(text, at) ? labels : undefined
  }
}

/** As Loki's messages show a stream: names in order, values quoted. */
export function labelText(labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
  return `{${pairs.join(', ')}}`
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function isBlank(text: string, from: number): boolean {
  return text.slice(from).trim() === ''
}

/** Go's escapes inside double quotes (language specification, "String literals"); bytes by number are UTF-8. */
function unquote(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted
  if (/\\(?:x|[0-7]{3})/.test(quoted)) return unquoteBytes(quoted)
  return replaceEscapes(quoted, (code) => String.fromCodePoint(code))
}

function unquoteBytes(quoted: string): string | undefined {
  const binary = Buffer.from(quoted, 'utf8').toString('latin1')
  const bytes = replaceEscapes(binary, (code, isByte) =>
    isByte ? String.fromCharCode(code) : Buffer.from(String.fromCodePoint(code)).toString('latin1'),
  )
  return bytes === undefined ? undefined : Buffer.from(bytes, 'latin1').toString('utf8')
}

function replaceEscapes(text: string, print: (code: number, isByte: boolean) => string): string | undefined {
  let isGood = true
  const replaced = text.replace(
    ESCAPE,
    (_, simple?: string, hex?: string, ...rest: (string | undefined)[]) => {
      const [short, long, octal] = rest
      if (simple !== undefined) return SIMPLE[simple] ?? ''
      const code = Number.parseInt(hex ?? short ?? long ?? octal ?? '', octal === undefined ? 16 : 8)
      const isByte = hex !== undefined || octal !== undefined
      isGood &&= code <= (isByte ? 0xff : 0x10ffff)
      return isGood ? print(code, isByte) : ''
    },
  )
  return isGood ? replaced : undefined
}
