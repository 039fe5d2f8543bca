// systemd units: sections with their assignments; a line that ends with a backslash goes on in the next.
import { type Place, SyntaxProblem } from '../finding.js'
import type { LintFile } from '../format.js'
import type { Assignment } from './assignments.js'
import { linesOf } from './lines.js'

export interface UnitSection {
  readonly name: string
  readonly at: Place
  readonly settings: Assignment[]
}

export function readUnit({ text }: Pick<LintFile, 'text'>): readonly UnitSection[] {
  const sections: UnitSection[] = []
  let open: { key: string; value: string; at: Place } | undefined
  for (const { at, text: line } of linesOf(text, /^[#;]/)) {
    const goesOn = line.endsWith('\\')
    const said = goesOn ? line.slice(0, -1).trimEnd() : line
    if (open) open.value += ` ${said}`
    else open = begin(sections, said, at)
    if (open && !goesOn) open = undefined
  }
  return sections
}

/** Opens a section, or adds a setting to the last one and gives it back for the lines that go on. */
function begin(sections: UnitSection[], line: string, at: Place) {
  const name = /^\[([^\]]+)\]$/.exec(line)?.[1]
  if (name !== undefined) {
    sections.push({ name, at, settings: [] })
    return undefined
  }
  const [, key, value = ''] = /^([A-Za-z0-9-]+)\s*=\s*(.*)$/.exec(line) ?? []
  if (key === undefined) throw new SyntaxProblem(at, `"${line}" is neither [Section] nor Name=value`)
  const section = sections.at(-1)
  if (!section) throw new SyntaxProblem(at, `${key}= stands before any [Section]`)
  const setting = { key, value, at }
  section.settings.push(setting)
  return setting
}
