// `config lint`: the formats that can be looked at, and the file that is told which of them it is.
import { fail } from '../../errors.js'
import { printable } from '../../format/printable.js'
import type { Finding } from './finding.js'
import type { Format, LintFile } from './format.js'
import { KINDS } from './kinds.js'
import { compose } from './rules/compose.js'
import { kamalSecrets } from './rules/kamal-secrets.js'
import { kamal } from './rules/kamal.js'
import { logrotate } from './rules/logrotate.js'
import { lokiRules } from './rules/loki-rules.js'
import { loki } from './rules/loki.js'
import { nginx } from './rules/nginx.js'
import { promtail } from './rules/promtail.js'
import { sysctl } from './rules/sysctl.js'
import { systemd } from './rules/systemd.js'
import { vector } from './rules/vector.js'

/** The first that claims a file has it, so the more particular stand first. */
export const FORMATS: readonly Format[] = [
  kamalSecrets,
  logrotate,
  systemd,
  vector,
  promtail,
  lokiRules,
  loki,
  kamal,
  compose,
  nginx,
  sysctl,
]

export interface LintedFile {
  readonly file: string
  readonly kind: string
  readonly findings: readonly Finding[]
}

/** Throws USAGE when nothing tells what the file is. */
export function lint(file: LintFile, kind?: string): LintedFile {
  const format = FORMATS.find((one) => (kind === undefined ? one.claims(file) : one.kind === kind))
  if (!format)
    return fail('USAGE', `neither name nor content tells what ${printable(file.path)} is`, {
      hints: [`say it with --kind: ${KINDS.join(', ')}`],
    })
  return { file: file.path, kind: format.kind, findings: format.lint(file) }
}
