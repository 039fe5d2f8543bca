// One folder for everything temporary of a run, whoever makes it, and gone when the run is over.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const PREFIX = 'logctl-tests-'

/**
 * Called by vitest for each project before its workers start, which inherit the environment; what it returns is
 * called at the end.
 */
export default function makeTempRoot(): (() => void) | undefined {
  if (basename(tmpdir()).startsWith(PREFIX)) return undefined
  const root = mkdtempSync(join(tmpdir(), PREFIX))
  // Some tests run programs as another user.
  chmodSync(root, 0o755)
  process.env['TMPDIR'] = root
  return () => rmSync(root, { recursive: true, force: true })
}
