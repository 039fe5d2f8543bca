// The account of each key: what it sent by which door, what was refused and why, when it was last seen. Counts are since
// the server started; when a key was last seen is kept in DATA/keys-seen.json, now and then and at the end.
import { readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { KeyUsage } from '../client/answers.js'
import type { Key } from './keys.js'

const SAVE_EVERY_MS = 60_000
const FILE_MODE = 0o640

const seenFile = z.object({ format: z.literal(1), seen: z.record(z.string(), z.iso.datetime()) })

export interface Taken {
  readonly lines: number
  readonly bytes: number
  /** Lines refused, by reason. */
  readonly rejected: Readonly<Record<string, number | undefined>>
}

export interface KeyLedger {
  /** Callers without a key are in the account of their door only. */
  take(key: Key | undefined, door: string, taken: Taken): void
  /** A request that was refused whole. */
  refuse(key: Key | undefined, door: string, reason: string): void
  /** By name. */
  list(): readonly KeyUsage[]
  /** Keeps when each key was last seen, and no more from then on. */
  close(): Promise<void>
}

interface DoorAccount {
  lines: number
  bytes: number
  readonly refused: Record<string, number>
}

interface KeyAccount {
  readonly name: string
  readonly doors: Map<string, DoorAccount>
}

/** `failed` is told when the file cannot be written; nothing else depends on it. */
export function openKeyLedger(
  dataFolder: string,
  clock: () => number,
  failed: (error: unknown) => void,
): KeyLedger {
  const accounts = new Map<string, KeyAccount>()
  const seen = new Map(Object.entries(readKeysSeen(dataFolder)).map(([id, time]) => [id, Date.parse(time)]))
  let isSaved = true
  const accountOf = ({ id, name }: Key, door: string): DoorAccount => {
    let account = accounts.get(id)
    if (account === undefined) accounts.set(id, (account = { name, doors: new Map() }))
    let ofDoor = account.doors.get(door)
    if (ofDoor === undefined) account.doors.set(door, (ofDoor = { lines: 0, bytes: 0, refused: {} }))
    seen.set(id, clock())
    isSaved = false
    return ofDoor
  }
  const save = async (): Promise<void> => {
    if (isSaved) return
    isSaved = true
    await writeKeysSeen(dataFolder, seen).catch(failed)
  }
  const timer = setInterval(() => void save(), SAVE_EVERY_MS).unref()
  return {
    take(key, door, { lines, bytes, rejected }) {
      if (key === undefined) return
      const account = accountOf(key, door)
      account.lines += lines
      account.bytes += bytes
      for (const [reason, count = 0] of Object.entries(rejected)) add(account, reason, count)
    },
    refuse(key, door, reason) {
      if (key !== undefined) add(accountOf(key, door), reason, 1)
    },
    list: () =>
      [...accounts]
        .map(([id, { name, doors }]) => usageOf(id, name, doors, seen.get(id)))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    async close() {
      clearInterval(timer)
      await save()
    },
  }
}

function add({ refused }: DoorAccount, reason: string, count: number): void {
  refused[reason] = (refused[reason] ?? 0) + count
}

function usageOf(
  id: string,
  name: string,
  doors: ReadonlyMap<string, DoorAccount>,
  seenMs: number | undefined,
): KeyUsage {
  return {
    id,
    name,
    last_seen: new Date(seenMs ?? 0).toISOString(),
    doors: [...doors].map(([door, { lines, bytes, refused }]) => ({
      door,
      lines,
      bytes,
      refused: { ...refused },
    })),
  }
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'keys-seen.json')
}

/** When each key was last seen, RFC 3339 by id. Where nothing good is there nobody was seen: it is worth no failure. */
export function readKeysSeen(dataFolder: string): Readonly<Record<string, string>> {
  try {
    return seenFile.parse(JSON.parse(readFileSync(pathIn(dataFolder), 'utf8'))).seen
  } catch {
    return {}
  }
}

/** Beside and renamed, so that a reader sees the old or the new; a crash may cost the last minute. */
async function writeKeysSeen(dataFolder: string, seen: ReadonlyMap<string, number>): Promise<void> {
  const path = pathIn(dataFolder)
  const times = Object.fromEntries([...seen].map(([id, ms]) => [id, new Date(ms).toISOString()]))
  await writeFile(`${path}.tmp`, `${JSON.stringify({ format: 1, seen: times })}\n`, { mode: FILE_MODE })
  await rename(`${path}.tmp`, path)
}
