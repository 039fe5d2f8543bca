// What a single key of the configuration may hold. Every leaf also takes its value as text, because variables
// and flags are text; in the resolved configuration durations are milliseconds and sizes bytes.
import { z } from 'zod'
import { durationMs } from '../record/time.js'
import { Secret } from '../secret.js'
import { sizeBytes } from './units.js'

/** The longest text and the longest list that any key takes. */
const MAX_TEXT = 4096
const MAX_ITEMS = 1000

/** Node's timers hold 31 bits of milliseconds and fire at once beyond that. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** `accepts` says what the value may be written as, `read` what it means; `want` completes "must be …". */
function leaf<In extends z.ZodType, Out>(
  accepts: In,
  read: (given: z.output<In>) => Out | undefined,
  want: string,
) {
  return accepts.transform((given, context): Out => {
    const value = read(given)
    if (value !== undefined) return value
    context.addIssue(`must be ${want}`)
    return z.NEVER
  })
}

export function text(want = 'a text') {
  return leaf(z.string(`must be ${want}`), (given) => (isShort(given) ? given : undefined), want)
}

/** A text in a form of its own, such as an address; `read` gives the text to keep. */
export function textAs(want: string, read: (given: string) => string | undefined) {
  return leaf(z.string(`must be ${want}`), (given) => (isShort(given) ? read(given) : undefined), want)
}

export function secret() {
  const want = 'a text (in quotes where it looks like a number)'
  return leaf(z.string(`must be ${want}`), (given) => (isShort(given) ? new Secret(given) : undefined), want)
}

const TRUE_WORDS: ReadonlySet<string> = new Set(['true', 'on', 'yes', '1'])
const FALSE_WORDS: ReadonlySet<string> = new Set(['false', 'off', 'no', '0'])

const booleanOrString = (want: string) => z.union([z.boolean(), z.string()], `must be ${want}`)

function readFlag(given: boolean | string): boolean | undefined {
  const word = String(given).toLowerCase()
  if (TRUE_WORDS.has(word)) return true
  return FALSE_WORDS.has(word) ? false : undefined
}

export function flag() {
  const want = 'true or false'
  return leaf(booleanOrString(want), readFlag, want)
}

/** `on` or `off`; YAML's true and false are taken too. */
export function onOff() {
  const want = 'on or off'
  return leaf(booleanOrString(want), readOnOff, want)
}

function readOnOff(given: boolean | string): 'on' | 'off' | undefined {
  const on = readFlag(given)
  return on === undefined ? undefined : on ? 'on' : 'off'
}

export function choice<const Word extends string>(...words: readonly [Word, ...Word[]]) {
  const want = words.length === 1 ? words[0] : `one of ${words.join(', ')}`
  return z.enum(words, `must be ${want}`)
}

interface Range {
  readonly min?: number
  readonly max?: number
}

function within(value: number, { min = 0, max = Number.MAX_SAFE_INTEGER }: Range): number | undefined {
  return value >= min && value <= max ? value : undefined
}

function span({ min = 0, max }: Range): string {
  return max === undefined ? `from ${min} up` : `from ${min} to ${max}`
}

/** How a leaf that numbers are written to is read, and what it wants. */
interface Reading {
  readonly want: string
  readonly read: (given: string | number) => number | undefined
}

function reading({ want, read }: Reading) {
  return leaf(z.union([z.string(), z.number()], `must be ${want}`), read, want)
}

function readingOrAuto({ want, read }: Reading) {
  const wantBoth = `auto, or ${want}`
  return leaf(
    z.union([z.string(), z.number()], `must be ${wantBoth}`),
    (given): number | 'auto' | undefined => (given === 'auto' ? 'auto' : read(given)),
    wantBoth,
  )
}

function counting(range: Range): Reading {
  return {
    want: `a whole number ${span(range)}`,
    read(given) {
      const value = numberOf(given)
      return Number.isSafeInteger(value) ? within(value, range) : undefined
    },
  }
}

function sizing(range: Range): Reading {
  const floor = range.min !== undefined && range.min > 1 ? ` of at least ${range.min} bytes` : ''
  return {
    want: `a size${floor} such as 65536, 16MiB or 1GB`,
    read(given) {
      const bytes = sizeBytes(String(given))
      return bytes === undefined ? undefined : within(bytes, range)
    },
  }
}

/** A whole number. */
export const count = (range: Range = {}) => reading(counting(range))

/** A whole number, or `auto`: as the machine allows. */
export const countOrAuto = (range: Range = {}) => readingOrAuto(counting(range))

/** Bytes. */
export const size = (range: Range = { min: 1 }) => reading(sizing(range))

/** Bytes, or `auto`: as the machine allows. */
export const sizeOrAuto = (range: Range = { min: 1 }) => readingOrAuto(sizing(range))

/** So many a second; may have a fraction. */
export function rate(range: Range = { min: 0.001, max: 1e9 }) {
  return reading({ want: `a number ${span(range)}`, read: (given) => within(numberOf(given), range) })
}

/** Milliseconds, at least one. */
export function duration({ min = 1, max = Number.MAX_SAFE_INTEGER }: Range = {}) {
  return reading({
    want: `a duration such as 30s, 15m or 30d${max === MAX_TIMER_MS ? ' (24d at most)' : ''}`,
    read(given) {
      const ms = durationMs(String(given))
      return ms === undefined ? undefined : within(Math.round(ms), { min, max })
    },
  })
}

/** Milliseconds that a timer of Node can wait. */
export function timer(range: { readonly min?: number } = {}) {
  return duration({ ...range, max: MAX_TIMER_MS })
}

/** A list; a text counts as its parts between commas. `isItem` judges each. */
export function list<Item extends string = string>(want: string, isItem: (item: string) => item is Item) {
  return z
    .union([z.string(), z.array(z.string())], `must be a list of ${want}`)
    .transform((given, context) => {
      const items = (typeof given === 'string' ? given.split(',') : given).map((item) => item.trim())
      const kept = items.filter((item) => item !== '')
      if (kept.length > MAX_ITEMS) context.addIssue(`must be a list of ${MAX_ITEMS} at most`)
      const wrong = kept.find((item) => !isItem(item))
      if (wrong !== undefined) context.addIssue(`must be a list of ${want}; "${wrong.slice(0, 80)}" is none`)
      return kept.filter(isItem)
    })
}

/** Not empty, and short enough to be a setting. */
function isShort(given: string): boolean {
  return given !== '' && given.length <= MAX_TEXT
}

function numberOf(given: string | number): number {
  if (typeof given === 'number') return given
  return /^-?\d+(?:\.\d+)?$/.test(given.trim()) ? Number(given) : Number.NaN
}
