// What a change does to a file, as a unified diff; a secret is only said to differ.
import { createTwoFilesPatch } from 'diff'
import { Secret } from '../secret.js'
import type { Change } from './change.js'

/** Undefined for changes that have no text. */
export function diffOf(change: Change): string | undefined {
  if (change.kind === 'remove') return patch(change.path, change.before, '')
  if (change.kind !== 'put') return undefined
  if (change.text instanceof Secret) return `${change.path}: the content is a secret and is not shown\n`
  return patch(change.path, change.before ?? '', change.text)
}

function patch(path: string, before: string, after: string): string {
  const from = before === '' ? '/dev/null' : path
  const to = after === '' ? '/dev/null' : path
  return createTwoFilesPatch(from, to, before, after, undefined, undefined, { context: 3 }).replace(
    /^(?:Index: .*\n)?=+\n/,
    '',
  )
}
