// The one shape of a format: how its files are told, how they are read, and the rules that they are held to.
import type { Kind } from './kinds.js'
import { type Finding, type Remark, type Severity, SyntaxProblem } from './finding.js'

export interface LintFile {
  /** As the user named it. */
  readonly path: string
  readonly text: string
}

export interface Rule<Content> {
  /** Without the format: `unknown-key`. */
  readonly name: string
  readonly severity: Severity
  /** What the rule is about, in a few words. */
  readonly about: string
  readonly find: (content: Content, file: LintFile) => Iterable<Remark>
}

export interface Format {
  /** What `--kind` takes. */
  readonly kind: Kind
  readonly claims: (file: LintFile) => boolean
  readonly rules: readonly Pick<Rule<never>, 'name' | 'severity' | 'about'>[]
  readonly lint: (file: LintFile) => readonly Finding[]
}

interface FormatParts<Content> {
  readonly kind: Kind
  readonly claims: (file: LintFile) => boolean
  /** Throws SyntaxProblem. */
  readonly read: (file: LintFile) => Content
  readonly rules: readonly Rule<Content>[]
}

export function format<Content>({ kind, claims, read, rules }: FormatParts<Content>): Format {
  return { kind, claims, rules, lint: (file) => findingsIn(file, { kind, read, rules }) }
}

function findingsIn<Content>(
  file: LintFile,
  { kind, read, rules }: Omit<FormatParts<Content>, 'claims'>,
): readonly Finding[] {
  let content: Content
  try {
    content = read(file)
  } catch (error) {
    if (error instanceof SyntaxProblem) return [syntaxFinding(file, kind, error)]
    throw error
  }
  return rules
    .flatMap(({ name, severity, find }) =>
      Array.from(find(content, file), ({ at, says, instead }): Finding => {
        const { line, column } = at
        const said = { rule: `${kind}/${name}`, message: says, hint: instead }
        return Object.assign({ file: file.path, line, column, severity }, said)
      }),
    )
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
}

function syntaxFinding({ path }: LintFile, kind: string, { at, message }: SyntaxProblem): Finding {
  const said = { message: `cannot be read: ${message}`, hint: 'mend this first; nothing else was looked at' }
  return { file: path, ...at, severity: 'error', rule: `${kind}/syntax`, ...said }
}
