// The cases of lint: a file with mistakes, the same made right, and what lint says of the first.
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { LintFile } from '#logctl/provision/lint/format.js'

export const CASES = path.join(import.meta.dirname, '../../cases/lint')

export interface LintCase {
  readonly name: string
  readonly wrong: LintFile
  readonly right: LintFile
}

/** Names that tell the kind where the case's own name cannot hold them. */
const PATHS: Readonly<Record<string, string>> = {
  'kamal-secrets': '.kamal/secrets',
  logrotate: 'etc/logrotate.d/gather',
}

export function lintCases(): readonly LintCase[] {
  return readdirSync(CASES).map((name) => ({ name, wrong: read(name, 'wrong'), right: read(name, 'right') }))
}

function read(name: string, which: string): LintFile {
  const file = readdirSync(path.join(CASES, name)).find((one) => one.startsWith(`${which}.`)) ?? ''
  return { path: PATHS[name] ?? file, text: readFileSync(path.join(CASES, name, file), 'utf8') }
}
