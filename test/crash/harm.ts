// Ways in which a disk damages files, and what a damaged data folder still gives.
import { cp, open, readFile, rm, truncate } from 'node:fs/promises'
import { type StoredRecord, recordToJson } from '#logctl/record/record.js'
import type { Scanner } from '#logctl/record/scanner.js'
import { openEmbeddedReader } from '#logctl/store/embedded/index.js'
import { tempFolder } from '../temp-folder.js'
import { collect } from './ledger.mjs'

export interface Seen {
  readonly lines: readonly string[]
  readonly warnings: readonly string[]
}

/** The lines are sorted as texts, so that two scans can be compared. */
export async function scanned(scanner: Scanner): Promise<Seen> {
  const warnings: string[] = []
  const pieces = scanner.scan({ direction: 'forward', where: [] }, { warn: (text) => warnings.push(text) })
  return { lines: (await collect(pieces)).map(textOf).sort(), warnings }
}

export function textOf(record: StoredRecord): string {
  return `${record.sequence} ${recordToJson(record)}`
}

export async function readFromOutside(path: string): Promise<Seen> {
  const reader = await openEmbeddedReader(path)
  const seen = await scanned(reader)
  await reader.close()
  return seen
}

/** A copy, so that one sound folder serves many kinds of damage. */
export async function copyOf(folder: string): Promise<string> {
  const copy = tempFolder()
  await cp(folder, copy, { recursive: true })
  return copy
}

type Harm = (path: string) => Promise<void>
export const HARMS: Readonly<Record<string, Harm>> = {
  'a flipped byte near the start': async (path) => flip(path, 40),
  'a flipped byte in the middle': async (path) => flip(path, Math.floor((await readFile(path)).length / 2)),
  'a flipped byte near the end': async (path) => flip(path, (await readFile(path)).length - 12),
  'half of the file': async (path) => truncate(path, Math.floor((await readFile(path)).length / 2)),
  'nothing in the file': async (path) => truncate(path, 0),
  'no file': (path) => rm(path),
}

export async function flip(path: string, at: number): Promise<void> {
  const handle = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, at)
  await handle.write(Buffer.from([(byte[0] as number) ^ 0x10]), 0, 1, at)
  await handle.close()
}
