// What a configuration file says, key by key; unknown keys are problems with a suggestion.
import { dirname } from 'node:path'
import {
  ALIAS_SECTIONS,
  FILE_ADDRESS_PARTS,
  FILE_ALIASES,
  FILE_API_KEYS,
  plainKeys,
  type AddressPart,
} from './aliases.js'
import type { ConfigFile } from './file.js'
import type { Assignment, Layer } from './layer.js'
import { namesIn, unknownKey, type Problem, type Step } from './problems.js'
import { SECRET_KEYS, SECTIONS, SETTINGS } from './settings.js'

interface Draft {
  readonly file: ConfigFile
  readonly assignments: Assignment[]
  readonly address: Partial<Record<AddressPart, Assignment>>
  readonly problems: Problem[]
}

const isSection = (key: string): boolean => key === '' || SECTIONS.has(key) || ALIAS_SECTIONS.has(key)

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function fileLayer(file: ConfigFile): Layer {
  const draft: Draft = { file, assignments: [], address: {}, problems: [] }
  take(draft, [], file.tree)
  const { assignments, address, problems } = draft
  const listen = assignments.find(({ key }) => key === 'server.listen')
  if (listen && (address.host ?? address.port)) {
    problems.push({
      key: 'server',
      says: 'has listen, and host or port; give one form',
      where: listen.placeOf([]),
    })
  }
  return { assignments, address, problems, warnings: exposure(draft) }
}

function take(draft: Draft, steps: readonly Step[], value: unknown): void {
  const key = steps.join('.')
  // `key:` with nothing behind it leaves the default.
  if (value === null || value === undefined) return
  if (isSection(key) && isMap(value)) {
    for (const [name, inner] of Object.entries(value)) take(draft, [...steps, name], inner)
    return
  }
  const part = Object.hasOwn(FILE_ADDRESS_PARTS, key) ? FILE_ADDRESS_PARTS[key] : undefined
  const target = Object.hasOwn(FILE_ALIASES, key) ? FILE_ALIASES[key] : undefined
  if (part !== undefined) draft.address[part] = assignment(draft, steps, { key: 'server.listen', value })
  else if (key === FILE_API_KEYS) takeApiKeys(draft, steps, value)
  else if (target !== undefined) draft.assignments.push(assignment(draft, steps, { key: target, value }))
  else if (SETTINGS.has(key)) draft.assignments.push(assignment(draft, steps, { key, value }))
  else refuse(draft, steps)
}

function assignment(
  { file }: Draft,
  steps: readonly Step[],
  said: { key: string; value: unknown },
): Assignment {
  const written = steps.join('.')
  const origin = `file ${file.path}${written === said.key ? '' : ` (${written})`}`
  const placeOf = (below: readonly Step[]): string => place(file, origin, [...steps, ...below])
  return { ...said, origin, placeOf, base: dirname(file.path) }
}

function place(file: ConfigFile, origin: string, steps: readonly Step[]): string {
  const line = file.lineOf(steps)
  return line === undefined ? origin : `${origin}, line ${line}`
}

function takeApiKeys(draft: Draft, steps: readonly Step[], value: unknown): void {
  const values = typeof value === 'string' ? [value] : value
  if (
    Array.isArray(values) &&
    values.every((entry): entry is string => typeof entry === 'string' && entry !== '')
  ) {
    const keys = { key: 'keys', value: plainKeys('file', values) }
    draft.assignments.push({
      ...assignment(draft, steps, keys),
      placeOf: () => place(draft.file, draft.file.path, steps),
    })
    return
  }
  const where = place(draft.file, `file ${draft.file.path}`, steps)
  draft.problems.push({ key: FILE_API_KEYS, says: 'must be a list of texts', where })
}

function refuse(draft: Draft, steps: readonly Step[]): void {
  const key = steps.join('.')
  const section = steps.slice(0, -1).join('.')
  const says = isSection(key)
    ? `must be a section with ${namesIn(key).join(', ') || 'keys'}`
    : unknownKey(key, namesIn(section))
  const where = place(draft.file, `file ${draft.file.path}`, steps)
  draft.problems.push({ key: key || 'the file', says, where })
}

/** Said of a file whose keys others on the machine can read. */
function exposure({ file, assignments }: Draft): readonly string[] {
  if ((file.mode & 0o077) === 0 || !assignments.some(holdsSecret)) return []
  const mode = file.mode.toString(8).padStart(4, '0')
  return [
    `${file.path} holds secrets and others may read it (mode ${mode}); chmod 600 it, or name a variable or file`,
  ]
}

function holdsSecret({ key, value }: Assignment): boolean {
  if (!SECRET_KEYS.has(key)) return false
  return (
    key !== 'keys' ||
    (Array.isArray(value) && value.some((entry) => isMap(entry) && entry['value'] !== undefined))
  )
}
