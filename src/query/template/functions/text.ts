// Functions on texts: Loki's own, which follow Go's package strings, and those of the sprig library. Lengths and places
// are bytes of UTF-8 where Go counts bytes.
import { compileGroups, type GroupRegex } from '../../../record/regex-groups.js'
import { LogctlError } from '../../../errors.js'
import { bytesOf, sliceBytes } from '../../go/utf8.js'
import { type Value, TemplateFailure } from '../value.js'
import { type Caller, type FunctionTable, type TemplateFunction, ofCount, ofTexts } from './function.js'

export const TEXT_FUNCTIONS: FunctionTable = {
  ToLower: ofTexts(1, (text = '') => text.toLowerCase()),
  ToUpper: ofTexts(1, (text = '') => text.toUpperCase()),
  lower: ofTexts(1, (text = '') => text.toLowerCase()),
  upper: ofTexts(1, (text = '') => text.toUpperCase()),
  title: ofTexts(1, (text = '') =>
    text.replace(/(?<![\p{L}\p{N}_'])\p{L}/gu, (letter) => letter.toUpperCase()),
  ),
  Trim: ofTexts(2, (text = '', set = '') => trimLeft(trimRight(text, set), set)),
  TrimLeft: ofTexts(2, (text = '', set = '') => trimLeft(text, set)),
  TrimRight: ofTexts(2, (text = '', set = '') => trimRight(text, set)),
  TrimPrefix: ofTexts(2, (text = '', prefix = '') => withoutPrefix(text, prefix)),
  TrimSuffix: ofTexts(2, (text = '', suffix = '') => withoutSuffix(text, suffix)),
  TrimSpace: ofTexts(1, (text = '') => text.trim()),
  trim: ofTexts(1, (text = '') => text.trim()),
  trimAll: ofTexts(2, (set = '', text = '') => trimLeft(trimRight(text, set), set)),
  trimPrefix: ofTexts(2, (prefix = '', text = '') => withoutPrefix(text, prefix)),
  trimSuffix: ofTexts(2, (suffix = '', text = '') => withoutSuffix(text, suffix)),
  contains: ofTexts(2, (part = '', text = '') => text.includes(part)),
  hasPrefix: ofTexts(2, (prefix = '', text = '') => text.startsWith(prefix)),
  hasSuffix: ofTexts(2, (suffix = '', text = '') => text.endsWith(suffix)),
  Replace: {
    parameters: ['string', 'string', 'string', 'int'],
    run: ([text, old, fresh, most], caller) =>
      replaced(caller, {
        text: text as string,
        old: old as string,
        fresh: fresh as string,
        most: Number(most),
      }),
  },
  replace: {
    parameters: ['string', 'string', 'string'],
    run: ([old, fresh, text], caller) =>
      replaced(caller, { text: text as string, old: old as string, fresh: fresh as string, most: -1 }),
  },
  repeat: ofCount(1, (count, [text = ''], { budget }) => {
    if (count < 0) throw new TemplateFailure('strings: negative Repeat count')
    budget.text(text.length * count)
    return text.repeat(count)
  }),
  indent: ofCount(1, (count, [text = ''], caller) => indented(count, text, caller)),
  nindent: ofCount(1, (count, [text = ''], caller) => `\n${indented(count, text, caller)}`),
  trunc: ofCount(1, (count, [text = '']) => truncated(text, count)),
  substr: {
    parameters: ['int', 'int', 'string'],
    run: ([from, to, text]) => substring(text as string, Number(from), Number(to)),
  },
  alignLeft: ofCount(1, (count, [text = ''], caller) => aligned(count, text, caller, 'left')),
  alignRight: ofCount(1, (count, [text = ''], caller) => aligned(count, text, caller, 'right')),
  count: withRegex(2, (regex, [text = '']) => BigInt(regex.findAll(text).length)),
  regexReplaceAll: withRegex(3, (regex, [text = '', fresh = ''], caller) =>
    replaceMatches(regex, text, caller, (groups) => expanded(fresh, groups, regex.names)),
  ),
  regexReplaceAllLiteral: withRegex(3, (regex, [text = '', fresh = ''], caller) =>
    replaceMatches(regex, text, caller, () => fresh),
  ),
}

function trimLeft(text: string, set: string): string {
  const chars = new Set(set)
  let from = 0
  for (const char of text) {
    if (!chars.has(char)) break
    from += char.length
  }
  return text.slice(from)
}

function trimRight(text: string, set: string): string {
  const chars = new Set(set)
  let to = text.length
  while (to > 0) {
    const low = text.charCodeAt(to - 1)
    const from = low >= 0xdc00 && low <= 0xdfff && to > 1 ? to - 2 : to - 1
    if (!chars.has(text.slice(from, to))) break
    to = from
  }
  return text.slice(0, to)
}

function withoutPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text
}

function withoutSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text
}

interface Replacement {
  readonly text: string
  readonly old: string
  readonly fresh: string
  /** Negative: all. */
  readonly most: number
}

function replaced({ budget }: Caller, { text, old, fresh, most }: Replacement): string {
  const parts = old === '' ? emptyParts(text) : text.split(old)
  const count = most < 0 ? parts.length - 1 : Math.min(most, parts.length - 1)
  budget.text(text.length + count * fresh.length)
  return [parts.slice(0, count + 1).join(fresh), ...parts.slice(count + 1)].join(old)
}

/** Go finds the empty text before every character and at the end. */
function emptyParts(text: string): string[] {
  return ['', ...text, '']
}

function indented(count: number, text: string, { budget }: Caller): string {
  if (count < 0) throw new TemplateFailure('strings: negative Repeat count')
  const lines = text.split('\n')
  budget.text(text.length + lines.length * count)
  const space = ' '.repeat(count)
  return space + lines.join(`\n${space}`)
}

/** The first bytes, or with a negative count the last. */
function truncated(text: string, count: number): string {
  const size = bytesOf(text)
  if (count < 0) return size + count > 0 ? sliceBytes(text, size + count, size) : text
  return size > count ? sliceBytes(text, 0, count) : text
}

function substring(text: string, from: number, to: number): string {
  const size = bytesOf(text)
  if (from < 0) return sliceBytes(text, 0, bounded(to, size))
  if (to < 0 || to > size) return sliceBytes(text, bounded(from, size), size)
  if (from > to) throw new TemplateFailure(`runtime error: slice bounds out of range [${from}:${to}]`)
  return sliceBytes(text, from, to)
}

function bounded(at: number, size: number): number {
  if (at < 0 || at > size)
    throw new TemplateFailure(`runtime error: slice bounds out of range [:${at}] with length ${size}`)
  return at
}

/** Padded or cut to so many characters. */
function aligned(count: number, text: string, { budget }: Caller, side: 'left' | 'right'): string {
  const chars = [...text]
  if (count < 0 || count === chars.length) return text
  budget.text(count)
  const space = ' '.repeat(Math.max(0, count - chars.length))
  if (side === 'left') return space === '' ? chars.slice(0, count).join('') : text + space
  return space === '' ? chars.slice(chars.length - count).join('') : space + text
}

function withRegex(
  count: number,
  run: (regex: GroupRegex, texts: string[], caller: Caller) => Value,
): TemplateFunction {
  // Nearly always the pattern is the same for every entry.
  let last: { pattern: string; regex: GroupRegex } | undefined
  return {
    parameters: Array.from({ length: count }, () => 'string'),
    run: ([pattern, ...texts], caller) => {
      if (!last || last.pattern !== pattern)
        last = { pattern: pattern as string, regex: compiled(pattern as string) }
      return run(last.regex, texts as string[], caller)
    },
  }
}

function compiled(pattern: string): GroupRegex {
  try {
    return compileGroups(pattern)
  } catch (thrown) {
    if (thrown instanceof LogctlError) throw new TemplateFailure(thrown.message)
    throw thrown
  }
}

function replaceMatches(
  regex: GroupRegex,
  text: string,
  { budget }: Caller,
  fresh: (groups: readonly (string | undefined)[]) => string,
): string {
  let made = ''
  let at = 0
  for (const { from, to, groups } of regex.findAll(text)) {
    const piece = fresh(groups)
    budget.text(piece.length)
    made += text.slice(at, from) + piece
    at = to
  }
  return made + text.slice(at)
}

/** `$1`, `${1}`, `$name`, `${name}`; `$$` is a dollar; an unknown group is nothing (Go, Regexp.Expand). */
function expanded(
  template: string,
  groups: readonly (string | undefined)[],
  names: readonly (string | undefined)[],
): string {
  return template.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_all, dollar: string | undefined, bare, braced) => {
    if (dollar !== undefined) return '$'
    const name = String(bare ?? braced)
    const group = /^\d+$/.test(name) ? Number(name) : names.indexOf(name)
    return groups[group] ?? ''
  })
}
