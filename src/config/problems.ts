// What is wrong with a configuration: all of it is collected, so that one run shows everything.
import type { z } from 'zod'
import { fail } from '../errors.js'
import { nearest } from './nearest.js'
import { keySection } from './sections/ingest.js'
import { SECRET_KEYS, SECTIONS, SETTINGS } from './settings.js'

export interface Problem {
  /** `server.read_timeout`, `keys[0].name`. */
  readonly key: string
  /** Completes the sentence that the key begins. */
  readonly says: string
  /** `file /etc/logctl/logctl.yml, line 4`, `env LOGCTL_SERVER_LISTEN`, `flag --listen`. */
  readonly where: string
}

/** How many problems one error spells out. */
const SHOWN = 20

/** Throws CONFIG_INVALID when there is any problem. */
export function failOnProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return
  const lines = problems.slice(0, SHOWN).map(({ key, says, where }) => `${key}: ${says} (${where})`)
  if (problems.length > SHOWN) lines.push(`and ${problems.length - SHOWN} more`)
  fail('CONFIG_INVALID', lines.join('\n'), {
    hints: ['`logctl config schema` lists every key and its meaning'],
  })
}

export type Step = string | number

/** `keys[0].name` of a key and the steps below it. */
export function pathText(key: string, steps: readonly PropertyKey[]): string {
  return key + steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
}

export interface Fault {
  /** Below the key. */
  readonly steps: readonly Step[]
  readonly says: string
}

/** What a schema found wrong with the value of one key. The value is quoted only where it can be no secret. */
export function faultsOf(key: string, error: z.ZodError, given: unknown): readonly Fault[] {
  return error.issues.flatMap((issue): Fault[] => {
    const steps = issue.path.filter((step): step is Step => typeof step !== 'symbol')
    if (issue.code === 'unrecognized_keys') {
      const siblings = Object.keys(keySection.shape)
      return issue.keys.map((name) => ({ steps: [...steps, name], says: unknownKey(name, siblings) }))
    }
    const isScalar = ['string', 'number', 'boolean'].includes(typeof given)
    const quoted = isScalar && !SECRET_KEYS.has(key) ? `, not ${JSON.stringify(given).slice(0, 80)}` : ''
    return [{ steps, says: issue.message + quoted }]
  })
}

/** What to say of a key that does not exist; `siblings` are the names that may stand in its place. */
export function unknownKey(key: string, siblings: Iterable<string>): string {
  const name = key.slice(key.lastIndexOf('.') + 1)
  const meant = nearest(name, siblings) ?? [...SETTINGS.keys()].find((known) => known.endsWith(`.${name}`))
  return `unknown key${meant === undefined ? '' : `; did you mean ${meant}?`}`
}

/** The names of the keys and sections directly in a section; '' is the top. */
export function namesIn(section: string): readonly string[] {
  const prefix = section === '' ? '' : `${section}.`
  const inside = [...SETTINGS.keys(), ...SECTIONS].filter((key) => key.startsWith(prefix))
  return [...new Set(inside.map((key) => key.slice(prefix.length).split('.')[0] ?? ''))]
}
