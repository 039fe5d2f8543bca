// Regular expressions with RE2 semantics whose work is bounded, whatever the pattern and the text.
//
// re2js judges every pattern, so what is valid is decided in one place. Three ways run it, all with the same
// answers: a pattern without operators is a search for text; one whose work per starting point is bounded (no `*` or `+`,
// few ways to branch) runs on V8; every other runs on re2js, whose work is linear in text × program. On lines of
// 200 bytes V8 takes 0.02–0.13 µs for everyday patterns, where re2js takes 0.2–1.2 µs. Whatever is not sure to be
// fast runs against the clock (`withTimeBudget`).
import { RE2JS, RE2JSException } from 're2js'
import { fail } from '../errors.js'
import { withTimeBudget } from './regex-budget.js'
import { readRegex } from './regex-syntax.js'
import type { CodeRange, RegexNode } from './regex-syntax.js'

export interface RegexOptions {
  readonly ignoreCase?: boolean | undefined
  /** The whole text must match and `.` takes newlines too, as Prometheus and Loki match labels. */
  readonly whole?: boolean | undefined
}

export interface Regex {
  test(text: string): boolean
}

/** Longest pattern, in UTF-16 units. */
const PATTERN_LENGTH = 4096

/**
 * Most instructions of a program that re2js runs. At its worst (every thread alive, the automaton's memory used
 * up) it spends about 15 ns × instructions on a character.
 */
const PROGRAM_SIZE = 2000

/** Most characters that V8 may look at from one starting point; each takes it about 2 ns at worst. */
const WORK_PER_START = 500

/** With no more work than this V8 needs no clock: 100 ms for a MiB. */
const FAST_WORK_PER_START = 50

/** V8 cannot be stopped within a match, so that re2js takes longer texts than this; UTF-16 units. */
const LONGEST_FOR_V8 = 64 * 1024

/** Compiled patterns kept, the one unused longest dropped first; re2js holds up to 8 MB for one at its worst. */
const CACHED = 64
const cache = new Map<string, Built>()

interface Built extends Regex {
  /** Sure to take no longer than the clock would allow. */
  readonly fast?: boolean
}

/**
 * Throws PATTERN_INVALID where the pattern is not RE2 or would need too much work; its `test` throws QUERY_LIMIT where
 * texts take it too long.
 */
export function compileRegex(pattern: string, options: RegexOptions = {}): Regex {
  const key = `${options.ignoreCase ? 'i' : '-'}${options.whole ? 'w' : '-'}${pattern}`
  const known = cache.get(key)
  const built = known ?? build(pattern, options)
  if (known) cache.delete(key)
  cache.set(key, built)
  const [oldest] = cache.keys()
  if (cache.size > CACHED && oldest !== undefined) cache.delete(oldest)
  return built.fast ? built : withTimeBudget(built, pattern)
}

/** A text that every match contains; undefined where none is sure. */
export function literalOf(pattern: string, options: RegexOptions = {}): string | undefined {
  const tree = readRegex(pattern, options.whole === true)
  if (!tree || tree.ignoreCase || options.ignoreCase) return undefined
  const longest = literalsOf(tree.root).reduce((best, text) => (text.length > best.length ? text : best), '')
  return longest === '' ? undefined : longest
}

/** The text that a pattern is nothing but; undefined where it has operators or folds case. */
export function plainTextOf(pattern: string): string | undefined {
  const tree = readRegex(pattern, false)
  return tree && !tree.ignoreCase ? textOf(tree.root) : undefined
}

function build(pattern: string, options: RegexOptions): Built {
  const plain = compileProgram(pattern)
  const tree = readRegex(pattern, options.whole === true)
  const ignoreCase = tree?.ignoreCase === true || options.ignoreCase === true
  const quick = tree && !ignoreCase ? searchForText(tree.root, options.whole === true) : undefined
  if (quick) return quick
  checkSize(plain)
  const cased = options.ignoreCase ? `(?i)${pattern}` : pattern
  const program =
    cased === pattern && !options.whole ? plain : compiled(options.whole ? `^(?s:${cased})$` : cased, pattern)
  return (tree && boundedRegex(tree.root, { ...options, ignoreCase }, program)) ?? program
}

/** Throws PATTERN_INVALID where the pattern is too long or not RE2. */
function compileProgram(pattern: string): RE2JS {
  if (pattern.length > PATTERN_LENGTH)
    fail('PATTERN_INVALID', `the pattern is ${pattern.length} characters long; ${PATTERN_LENGTH} is the most`)
  return compiled(pattern, pattern)
}

function checkSize(program: RE2JS): void {
  const size = program.programSize()
  if (size > PROGRAM_SIZE)
    fail('PATTERN_INVALID', `the pattern needs a program of ${size} steps; ${PROGRAM_SIZE} is the most`, {
      hints: ['use smaller counts in {…}, or fewer alternatives'],
    })
}

/** The program that re2js runs, for what needs groups; the same limits. */
export function compileRe2(pattern: string): RE2JS {
  const program = compileProgram(pattern)
  checkSize(program)
  return program
}

/** V8's, where the pattern's work is bounded; `program` stands in on long texts. */
function boundedRegex(root: RegexNode, options: RegexOptions, program: RE2JS): Built | undefined {
  const { steps } = workOf(root)
  const source = steps <= WORK_PER_START ? boundedSource(root, options.ignoreCase === true) : undefined
  if (source === undefined) return undefined
  const regex = new RegExp(options.whole ? `^(?:${source})$` : source, options.ignoreCase ? 'iu' : 'u')
  if (steps <= FAST_WORK_PER_START) return { fast: true, test: (text) => regex.test(text) }
  return { test: (text) => (text.length > LONGEST_FOR_V8 ? program : regex).test(text) }
}

function compiled(source: string, pattern: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown
    const reason = thrown.message.replace(/^error parsing regexp: /, '')
    return fail('PATTERN_INVALID', `"${pattern}" is not a regular expression of RE2: ${reason}`, {
      hints: [hintFor(pattern)],
      cause: thrown,
    })
  }
}

function hintFor(pattern: string): string {
  if (/\(\?<?[=!]/.test(pattern)) return 'RE2 has no look-ahead or look-behind; use a second filter instead'
  if (/\\[1-9]/.test(pattern)) return 'RE2 has no back-references'
  return 'put \\ before a character that is meant as itself'
}

function textOf(root: RegexNode): string | undefined {
  const parts = root.kind === 'concat' ? root.parts : [root]
  let literal = ''
  for (const part of parts) {
    if (part.kind !== 'char') return undefined
    literal += String.fromCodePoint(part.code)
  }
  return literal
}

/** For a pattern that is nothing but text. */
function searchForText(root: RegexNode, whole: boolean): Built | undefined {
  const literal = textOf(root)
  if (literal === undefined) return undefined
  return { fast: true, test: whole ? (text) => text === literal : (text) => text.includes(literal) }
}

/** The same pattern for V8 (flag `u`), or undefined where its meaning might differ. */
function boundedSource(root: RegexNode, ignoreCase: boolean): string | undefined {
  const source = sourceOf(root)
  // Beyond ASCII the two may follow different versions of Unicode; V8's \b and \w change under `i`.
  return ignoreCase && !/^(?:[^\\]|\\u\{[0-7]?[0-9a-f]\})*$/.test(source) ? undefined : source
}

/** How many ways a node can match from one place, and how many characters all of them look at together. */
function workOf(node: RegexNode): { ways: number; steps: number } {
  if (node.kind === 'alternation') {
    const all = node.options.map(workOf)
    return { ways: sum(all.map((one) => one.ways)), steps: sum(all.map((one) => one.steps)) }
  }
  if (node.kind === 'concat') {
    let total = { ways: 1, steps: 1 }
    for (const part of node.parts) total = then(total, workOf(part))
    return total
  }
  if (node.kind !== 'repeat') return { ways: 1, steps: 1 }
  if (node.max > WORK_PER_START) return { ways: Infinity, steps: Infinity }
  const once = workOf(node.of)
  let chain = { ways: 1, steps: 1 }
  let ways = 0
  for (let count = 0; count <= node.max && chain.steps <= WORK_PER_START; count++) {
    if (count >= node.min) ways += chain.ways
    chain = then(chain, once)
  }
  return { ways, steps: chain.steps }
}

function then(
  before: { ways: number; steps: number },
  after: { ways: number; steps: number },
): typeof before {
  return { ways: before.ways * after.ways, steps: before.steps + before.ways * after.steps }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}

function sourceOf(node: RegexNode): string {
  if (node.kind === 'char') return charSource(node.code)
  if (node.kind === 'assert') return node.source
  if (node.kind === 'class') return `[${node.negated ? '^' : ''}${node.ranges.map(rangeSource).join('')}]`
  if (node.kind === 'concat') return node.parts.map(sourceOf).join('')
  if (node.kind === 'alternation') return `(?:${node.options.map(sourceOf).join('|')})`
  return `(?:${sourceOf(node.of)}){${node.min},${node.max}}`
}

function rangeSource([low, high]: CodeRange): string {
  return low === high ? charSource(low) : `${charSource(low)}-${charSource(high)}`
}

function charSource(code: number): string {
  const char = String.fromCodePoint(code)
  return /^[A-Za-z0-9_ ]$/.test(char) ? char : `\\u{${code.toString(16)}}`
}

/** Runs of text that stand in every match. */
function literalsOf(node: RegexNode): string[] {
  if (node.kind === 'repeat') return node.min > 0 ? literalsOf(node.of) : []
  const parts = node.kind === 'concat' ? node.parts : [node]
  const runs: string[] = []
  let run = ''
  for (const part of parts) {
    if (part.kind === 'char') {
      run += String.fromCodePoint(part.code)
      continue
    }
    // An assertion takes no text, so the run goes on behind it.
    if (part.kind === 'assert') continue
    runs.push(run, ...(part.kind === 'repeat' ? literalsOf(part) : []))
    run = ''
  }
  return [...runs, run]
}
