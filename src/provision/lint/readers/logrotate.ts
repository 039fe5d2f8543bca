// logrotate files: blocks of patterns with their directives, and the scripts within them.
import { type Place, SyntaxProblem } from '../finding.js'
import type { LintFile } from '../format.js'
import { type Line, linesOf } from './lines.js'

export interface Directive {
  readonly name: string
  readonly value: string
  readonly at: Place
}

export interface Pattern {
  readonly glob: string
  readonly at: Place
}

export interface RotateBlock {
  readonly patterns: readonly Pattern[]
  readonly directives: Directive[]
  /** What runs, by the name of its directive. */
  readonly scripts: Map<string, string>
}

export interface Rotation {
  /** What stands outside every block. */
  readonly defaults: readonly Directive[]
  readonly blocks: readonly RotateBlock[]
}

const SCRIPTS = new Set(['prerotate', 'postrotate', 'firstaction', 'lastaction', 'preremove'])

export function readRotation({ text }: Pick<LintFile, 'text'>): Rotation {
  const lines = linesOf(text, /^#/)
  const defaults: Directive[] = []
  const blocks: RotateBlock[] = []
  const waiting: Pattern[] = []
  for (let line = lines.shift(); line; line = lines.shift()) {
    const opens = line.text.endsWith('{')
    if (!opens && !/^["/]/.test(line.text)) {
      defaults.push(directive(line))
      continue
    }
    waiting.push(...patternsOf(line))
    if (opens) blocks.push(block(waiting.splice(0), line.at, lines))
  }
  const [loose] = waiting
  if (loose) throw new SyntaxProblem(loose.at, `no { follows ${loose.glob}`)
  return { defaults, blocks }
}

function patternsOf({ at, text }: Line): Pattern[] {
  return [...text.replace(/\{$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map((match) => {
    const [, quoted, bare] = match
    return { glob: quoted ?? bare ?? '', at: { line: at.line, column: at.column + match.index } }
  })
}

function block(patterns: readonly Pattern[], at: Place, lines: Line[]): RotateBlock {
  const made: RotateBlock = { patterns, directives: [], scripts: new Map() }
  for (let line = lines.shift(); line; line = lines.shift()) {
    if (line.text === '}') return made
    const found = directive(line)
    made.directives.push(found)
    if (SCRIPTS.has(found.name)) made.scripts.set(found.name, scriptOf(found, lines))
  }
  throw new SyntaxProblem(at, 'this { is never closed')
}

function scriptOf({ name, at }: Directive, lines: Line[]): string {
  const script: string[] = []
  for (let line = lines.shift(); line; line = lines.shift()) {
    if (line.text === 'endscript') return script.join('\n')
    script.push(line.text)
  }
  throw new SyntaxProblem(at, `${name} has no endscript`)
}

function directive({ at, text }: Line): Directive {
  const [, name = '', value = ''] = /^(\S+?)(?:\s*=\s*|\s+|$)(.*)$/.exec(text) ?? []
  return { name, value, at }
}
