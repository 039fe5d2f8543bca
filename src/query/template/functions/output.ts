// Functions that print and escape: those of text/template, base64 and URLs; and the entry's line.
import { printf } from '../printf.js'
import { TemplateFailure, type Value, show } from '../value.js'
import { type FunctionTable, type TemplateFunction, ofTexts } from './function.js'

export const OUTPUT_FUNCTIONS: FunctionTable = {
  __line__: { parameters: [], run: (_values, { world }) => world.entry.line },
  print: { parameters: [], rest: 'any', run: (values) => sprint(values) },
  println: { parameters: [], rest: 'any', run: (values) => `${values.map(shown).join(' ')}\n` },
  printf: {
    parameters: ['string'],
    rest: 'any',
    run: ([format, ...values], { budget }) =>
      printf(format as string, values, (length) => budget.text(length)),
  },
  html: escaper((text) => text.replace(/[&<>"'\0]/g, (char) => HTML[char] ?? char)),
  js: escaper((text) => text.replace(/[\\'"<>&=\p{Cc}\u2028\u2029]/gu, escapeJs)),
  urlquery: escaper(urlencode),
  urlencode: ofTexts(1, (text = '') => urlencode(text)),
  urldecode: ofTexts(1, (text = '') => urldecode(text)),
  b64enc: ofTexts(1, (text = '') => Buffer.from(text).toString('base64')),
  b64dec: ofTexts(1, (text = '') => base64decode(text)),
}

function shown(value: Value): string {
  return value === undefined ? '<nil>' : show(value)
}

/** A space stands between two values of which neither is a text. */
function sprint(values: readonly Value[]): string {
  let text = ''
  for (const [i, value] of values.entries()) {
    const spaced = i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string'
    text += (spaced ? ' ' : '') + shown(value)
  }
  return text
}

function escaper(escape: (text: string) => string): TemplateFunction {
  return { parameters: [], rest: 'any', run: (values) => escape(sprint(values)) }
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\0': '\ufffd',
}

function escapeJs(char: string): string {
  if (char === '\\' || char === "'" || char === '"') return `\\${char}`
  return `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}

/** A lone surrogate cannot be encoded; it is one of U+FFFD's many causes. */
function urlencode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'))
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

function urldecode(text: string): string {
  const wrong = /%(?![0-9a-fA-F]{2}).{0,2}/s.exec(text)
  if (wrong) throw new TemplateFailure(`invalid URL escape ${JSON.stringify(wrong[0])}`)
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, (bytes) =>
      Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
    )
}

/** Padding may be missing. */
function base64decode(text: string): string {
  const digits = /^[A-Za-z0-9+/]*/.exec(text)?.[0].length ?? 0
  if (!/^=*$/.test(text.slice(digits)))
    throw new TemplateFailure(`illegal base64 data at input byte ${digits}`)
  return Buffer.from(text, 'base64').toString('utf8')
}
