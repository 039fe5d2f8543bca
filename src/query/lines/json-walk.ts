// Walks a line of JSON once and hands every scalar to the entry under the names of its keys, joined by `_`. Written by
// hand because JSON.parse loses how numbers were written and keeps the last of equal keys, not the first; and as
// lenient as the parser that Loki uses (what follows the object is not read, numbers are not checked).
import type { Entry } from '../entry.js'
import type { KeyName, Needed } from './key-names.js'
import { keyNameOf, labelName, labelPart, targetName, withoutReplacements } from './key-names.js'
import { skipBlock, stringEnd, tokenEnd, unescapeJson } from './json-text.js'

/** What Loki says of an object that does not end as one. */
export const NO_OBJECT = "Value looks like object, but can't find closing '}' symbol"
export const NO_JSON = 'Malformed JSON error'
const NO_ARRAY = "Value is array, but can't find closing ']' symbol"
const NO_STRING = "Value is string, but can't find closing '\"' symbol"
const NO_VALUE = "Value looks like Number/Boolean/None, but can't find its end: ',' or '}' symbol"
const UNKNOWN_VALUE = 'Unknown value type'
const BAD_ESCAPE = 'Encountered an invalid escape sequence in a string'
const TOO_DEEP = 'objects are nested too deep'

/** Objects inside each other; a line cannot ask for more of the stack. */
const DEPTH = 100

/** A label's name has no more characters; nested keys would add up to more than the line has. */
const NAME_LENGTH = 4096

/** Keys remembered by one query; beyond, all are forgotten, because keys that never repeat would fill the memory. */
const KEPT = 10_000

/** A key in its place: `b` inside of `a` is another than `b`. */
interface Key extends KeyName {
  readonly inner: Map<string, Key>
  /** As it stands in a line, with the closing quote. */
  readonly quoted: string
  /** Keys mostly follow each other as they did before: behind this one, and first inside of it. */
  next: Key | undefined
  first: Key | undefined
}

export interface JsonWalk {
  /** Undefined when the line was read, else what was wrong; labels found until then stay. */
  run(entry: Entry): string | undefined
}

/** `keepErrors`: walk on to the end even where all that is needed was found. */
export function jsonWalk(needed: Needed, keepErrors: boolean): JsonWalk {
  return new Walk(needed, needed === undefined || keepErrors ? Infinity : needed.size)
}

class Walk implements JsonWalk {
  #line = ''
  #at = 0
  #left = 0
  #kept = 0
  #entry!: Entry
  /** The object on the outermost level that is being walked, and the labels it gave: they go if it never ends. */
  #outer = -1
  #given: string[] = []
  readonly #root: Key

  constructor(
    readonly needed: Needed,
    readonly most: number,
  ) {
    this.#root = keyOf('', '', needed)
  }

  run(entry: Entry): string | undefined {
    this.#line = entry.line
    this.#entry = entry
    this.#at = 0
    this.#left = this.most
    this.#outer = -1
    if (this.most !== Infinity && this.needed)
      for (const name of this.needed) if (entry.isSent(name)) this.#left--
    if (this.#left === 0) return undefined
    const wrong = this.#object(this.#root, 0)
    if (wrong === undefined || this.#outer < 0) return wrong
    if (skipBlock(this.#line, this.#outer, '{', '}') >= 0) return wrong
    for (const name of this.#given) entry.delete(name)
    return NO_OBJECT
  }

  #object(parent: Key, depth: number): string | undefined {
    if (this.#space() !== 123) return NO_OBJECT
    this.#at++
    const first = this.#space()
    if (first === 125) {
      this.#at++
      return undefined
    }
    if (Number.isNaN(first)) return NO_JSON
    for (let last: Key | undefined; ;) {
      if (this.#space() !== 34) return this.#closed()
      const key = this.#key(parent, last)
      if (typeof key === 'string') return key
      const wrong = this.#value(key, depth)
      last = key
      if (wrong !== undefined || this.#left === 0) return wrong
      const next = this.#space()
      if (next === 125) {
        this.#at++
        return undefined
      }
      if (next !== 44) return Number.isNaN(next) ? NO_ARRAY : NO_OBJECT
      this.#at++
      if (Number.isNaN(this.#space())) return NO_ARRAY
    }
  }

  /** A comma may stand before the closing brace. */
  #closed(): string | undefined {
    if (this.#line.charCodeAt(this.#at) !== 125) return NO_OBJECT
    this.#at++
    return undefined
  }

  /** What is wrong, where there is no key. */
  #key(parent: Key, last: Key | undefined): Key | string {
    const expected = last ? last.next : parent.first
    if (expected && this.#line.startsWith(expected.quoted, this.#at + 1)) {
      this.#at += expected.quoted.length + 1
      return expected
    }
    const end = stringEnd(this.#line, this.#at + 1)
    if (end < 0) return NO_JSON
    const raw = this.#line.slice(this.#at + 1, end)
    this.#at = end + 1
    const key = parent.inner.get(raw) ?? this.#newKey(parent, raw)
    if (!key) return BAD_ESCAPE
    if (!isKept(key)) return key
    if (last) last.next = key
    else parent.first = key
    return key
  }

  #value(key: Key, depth: number): string | undefined {
    if (this.#space() !== 58) return NO_JSON
    this.#at++
    const first = this.#space()
    if (first === 34) return this.#string(key)
    if (first === 123) return this.#inner(key, depth)
    if (first !== 91) return this.#token(key, first)
    const close = skipBlock(this.#line, this.#at, '[', ']')
    if (close < 0) return NO_ARRAY
    this.#at = close
    return undefined
  }

  #inner(key: Key, depth: number): string | undefined {
    if (depth >= DEPTH) return TOO_DEEP
    if (depth > 0) return this.#object(key, depth + 1)
    this.#outer = this.#at
    this.#given = []
    const wrong = this.#object(key, 1)
    if (wrong === undefined) this.#outer = -1
    return wrong
  }

  #string(key: Key): string | undefined {
    const end = stringEnd(this.#line, this.#at + 1)
    if (end < 0) return NO_STRING
    if (key.wanted || key.wantedSuffixed) {
      const raw = this.#line.slice(this.#at + 1, end)
      const text = raw.includes('\\') ? (unescapeJson(raw) ?? '') : raw
      this.#give(key, withoutReplacements(text))
    }
    this.#at = end + 1
    return undefined
  }

  #token(key: Key, first: number): string | undefined {
    const end = tokenEnd(this.#line, this.#at)
    if (end < 0) return NO_VALUE
    const text = this.#line.slice(this.#at, end)
    this.#at = end
    if ((first >= 48 && first <= 57) || first === 45 || text === 'true' || text === 'false') {
      this.#give(key, text)
      return undefined
    }
    return text === 'null' ? undefined : UNKNOWN_VALUE
  }

  #give(key: Key, text: string): void {
    if (key.name.length > NAME_LENGTH) return
    const name = targetName(this.#entry, key)
    if (name === undefined) return
    if (this.#left !== Infinity && !this.#entry.has(name)) this.#left--
    if (this.#outer >= 0) this.#given.push(name)
    this.#entry.extract(name, text)
  }

  /** Moves to what is no white space and tells its code; NaN at the end. */
  #space(): number {
    for (;;) {
      const code = this.#line.charCodeAt(this.#at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code
      this.#at++
    }
  }

  #newKey(parent: Key, raw: string): Key | undefined {
    const text = raw.includes('\\') ? unescapeJson(raw) : raw
    if (text === undefined) return undefined
    const name = parent.name === '' ? labelName(text) : joined(parent.name, labelPart(text))
    const key = keyOf(raw, name.slice(0, NAME_LENGTH + 1), this.needed)
    if (++this.#kept > KEPT) {
      this.#root.inner.clear()
      this.#root.first = undefined
      this.#kept = 0
    }
    if (isKept(key)) parent.inner.set(raw, key)
    return key
  }
}

/** Long keys are not remembered, so that memory stays small. */
function isKept({ quoted, name }: Key): boolean {
  return quoted.length + name.length <= 512
}

function keyOf(raw: string, name: string, needed: Needed): Key {
  return {
    ...keyNameOf(name, needed),
    inner: new Map(),
    quoted: `${raw}"`,
    next: undefined,
    first: undefined,
  }
}

function joined(prefix: string, part: string): string {
  return part === '' ? prefix : `${prefix}_${part}`
}
