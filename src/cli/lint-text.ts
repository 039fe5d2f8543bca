// What lint found, as compilers write it: editors and CI systems jump to `file:line:column`.
import { countOf } from '../format/amounts.js'
import type { Paint } from '../format/paint.js'
import { printableCell } from '../format/printable.js'
import type { LintedFile } from '../provision/lint/index.js'
import type { Finding } from '../provision/lint/finding.js'

/** Ends with a newline; the last line sums up. */
export function lintText(files: readonly LintedFile[], paint: Paint): string {
  const findings = files.flatMap((file) => file.findings)
  return [...findings.map((finding) => findingText(finding, paint)), sum(files, findings, paint)].join('')
}

function findingText({ file, line, column, severity, rule, message, hint }: Finding, paint: Paint): string {
  const place = paint('bold', `${printableCell(file)}:${line}:${column}`)
  const degree = paint(severity === 'error' ? 'red' : 'yellow', severity)
  return `${place} ${degree} ${paint('dim', rule)} ${printableCell(message)}\n  instead: ${printableCell(hint)}\n`
}

function sum(files: readonly LintedFile[], findings: readonly Finding[], paint: Paint): string {
  if (findings.length === 0)
    return files
      .map(({ file, kind }) => `${printableCell(file)} (${kind}): ${paint('green', 'clean')}\n`)
      .join('')
  const errors = findings.filter(({ severity }) => severity === 'error').length
  const kinds = [...new Set(files.map(({ kind }) => kind))].join(', ')
  const counts = `${countOf(errors, 'error')}, ${countOf(findings.length - errors, 'warning')}`
  return `\n${counts} in ${countOf(files.length, 'file')} (${kinds})\n`
}
