// `key = value` line by line: sysctl settings and dotenv files.
import { type Place, SyntaxProblem } from '../finding.js'
import type { LintFile } from '../format.js'
import { linesOf } from './lines.js'

export interface Assignment {
  readonly key: string
  readonly value: string
  readonly at: Place
}

export function readAssignments({ text }: Pick<LintFile, 'text'>): readonly Assignment[] {
  return linesOf(text, /^[#;]/).map(({ at, text: line }) => {
    const [, key, value = ''] = /^([^=]*?)\s*=\s*(.*)$/.exec(line) ?? []
    if (key === undefined || key === '') throw new SyntaxProblem(at, `"${line}" is no \`name = value\``)
    return { key, value, at }
  })
}
