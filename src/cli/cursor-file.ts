// The file of `query --cursor-file`: where the next run goes on, and of which question that is the place.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { errnoOf, fail, messageOf } from '../errors.js'
import type { Pass, ReadingCursor } from '../query/passes.js'
import { timestampOfRfc3339 } from '../record/time.js'
import { writeWhole } from './write-whole.js'

/** Whose place it is. */
export interface CursorOwner {
  readonly query: string
  readonly tenants?: readonly string[] | null | undefined
}

export interface CursorFile {
  /** Undefined before the first run. */
  readonly cursor: ReadingCursor | undefined
  save(cursor: ReadingCursor): Promise<void>
}

interface KeptCursor extends ReadingCursor {
  readonly format: 1
  readonly query: string
  readonly tenants: readonly string[] | null
}

/** Throws USAGE where the file is no cursor, or one of another question. */
export async function openCursorFile(
  file: string,
  { query, tenants = null }: CursorOwner,
): Promise<CursorFile> {
  const found = await readCursor(file)
  if (found && (found.query !== query || JSON.stringify(found.tenants) !== JSON.stringify(tenants)))
    fail('USAGE', `the cursor in ${file} belongs to another query`, {
      hints: [`that was ${found.query}`, 'take a cursor file of its own for each query'],
    })
  return {
    cursor: found && { sequence: found.sequence, pass: found.pass },
    save: ({ sequence, pass }) =>
      writeWhole(path.resolve(file), `${JSON.stringify({ format: 1, query, tenants, sequence, pass })}\n`),
  }
}

async function readCursor(file: string): Promise<KeptCursor | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    return fail('USAGE', `${file} cannot be read: ${messageOf(error)}`)
  }
  const kept = parsed(text)
  return isKept(kept)
    ? kept
    : fail('USAGE', `${file} is no cursor that a query has written`, { hints: ['remove it to begin anew'] })
}

/** Undefined where the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Loose<T> = { readonly [K in keyof T]?: unknown }

function isKept(value: unknown): value is KeptCursor {
  if (typeof value !== 'object' || value === null) return false
  const { format, query, tenants, sequence, pass } = value as Loose<KeptCursor>
  const isOwned = typeof query === 'string' && (tenants === null || Array.isArray(tenants))
  return format === 1 && isOwned && isSequence(sequence) && (pass === undefined || isPass(pass))
}

function isPass(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { upTo, from, to, last } = value as Loose<Pass>
  const place = (last ?? undefined) as Loose<NonNullable<Pass['last']>> | undefined
  const moments = [from, to, place?.timestamp].every((moment) => moment === undefined || isMoment(moment))
  return isSequence(upTo) && moments && (place === undefined || isSequence(place.sequence))
}

function isSequence(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isMoment(value: unknown): boolean {
  return typeof value === 'string' && timestampOfRfc3339(value) === value
}
