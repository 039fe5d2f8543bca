// How a failure is told: three kinds (the person can act, a machine failed, we are wrong), one form for people on
// stderr and one for programs on stdout.
import { stripVTControlCharacters } from 'node:util'
import { Errors } from '@oclif/core'
import { nearest } from '../config/nearest.js'
import { LogctlError, messageOf } from '../errors.js'
import type { Paint } from '../format/paint.js'
import { printable } from '../format/printable.js'

export interface FailureReport {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

export function reportFailure(
  thrown: unknown,
  { json, paint }: { json: boolean; paint: Paint },
): FailureReport {
  const failure = knownFailure(thrown)
  const { code, message, hints } = failure.toJSON().error
  const stack = code === 'BUG' ? `${paint('red', 'bug:')} ${stackOf(thrown)}\n` : ''
  if (json)
    return {
      exit: failure.exit,
      stdout: `${JSON.stringify({ error: { code, message, hints } })}\n`,
      stderr: stack,
    }
  const lines = [
    `${paint('red', 'error:')} ${printable(message)}`,
    ...hints.map((hint) => `  try: ${printable(hint)}`),
  ]
  return { exit: failure.exit, stdout: '', stderr: stack || `${lines.join('\n')}\n` }
}

function knownFailure(thrown: unknown): LogctlError {
  if (thrown instanceof LogctlError) return thrown
  if (thrown instanceof Errors.CLIError) return usageFailure(thrown)
  return new LogctlError('BUG', messageOf(thrown), { cause: thrown })
}

/** What oclif says of flags and arguments, in our words where its own are clumsy. */
function usageFailure(error: Errors.CLIError): LogctlError {
  const said = stripVTControlCharacters(error.message)
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\s*/, '')
    .replace(/\n\nNote: [^]*$/, '')
    .replace(/^Missing \d+ required args?:\n(\S+)[^]*$/, 'there is no $1 given')
    .replace(/^Parsing (--\S+)\s+Expected/, '$1: expected')
    .replace(/^Nonexistent flags?: /, 'there is no flag ')
    .replace(/^Unexpected arguments?: /, 'there is an argument too many: ')
  return new LogctlError('USAGE', said, {
    hints: [...flagMeant(error), 'repeat with --help to see what it takes'],
  })
}

function flagMeant(error: Errors.CLIError): string[] {
  if (!('flags' in error) || !('parse' in error)) return []
  const { flags, parse } = error as { flags: unknown; parse: { input?: { flags?: object } } }
  const known = Object.keys(parse.input?.flags ?? {}).map((name) => `--${name}`)
  return (Array.isArray(flags) ? flags : [])
    .map((flag) => nearest(String(flag), known))
    .filter((flag) => flag !== undefined)
}

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}
