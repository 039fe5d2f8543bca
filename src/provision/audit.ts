// One line on the machine for each change made to it: who, when, with which version, what. Hashes, never contents.
import { createHash } from 'node:crypto'
import { Secret } from '../secret.js'
import { type Change, changeText, isSecret } from './change.js'
import type { Host } from './host.js'
import { STATE_FOLDER } from './refusals.js'
import { fail } from '../errors.js'

export interface Audit {
  /** Who ran the command, and where: `ada@laptop`. */
  readonly by: string
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number
}

export const AUDIT_FILE = `${STATE_FOLDER}/audit.ndjson`

const APPEND = 'set -e; mkdir -p -- "$1"; umask 022; cat >> "$2"'

/** Throws STEP_FAILED where it cannot be written: a change that nobody can find again is not made on. */
export async function auditLine(host: Host, step: string, change: Change, audit: Audit): Promise<void> {
  const line = JSON.stringify({
    time: new Date(audit.nowMs()).toISOString(),
    by: audit.by,
    version: audit.version,
    step,
    change: changeText(change),
    ...(change.kind === 'put' && !isSecret(change) ? { sha256: hashOf(change.text) } : {}),
  })
  const argv = ['sh', '-c', APPEND, 'sh', STATE_FOLDER, AUDIT_FILE]
  const { status, stderr } = await host.run(argv, { input: `${line}\n` })
  if (status !== 0) fail('STEP_FAILED', `${host.name}: cannot write ${AUDIT_FILE}: ${stderr.trim()}`)
}

function hashOf(text: string | Secret): string {
  return createHash('sha256')
    .update(text instanceof Secret ? '' : text)
    .digest('hex')
}
