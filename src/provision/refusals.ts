// What a machine refused or could not reach, remembered on it: that is no drift the next time somebody looks.
import { z } from 'zod'
import type { Host, Witness } from './host.js'

/** By the text of the change. */
export type Refusals = Map<string, 'refused' | 'unavailable'>

/** Where a setup keeps what it knows of a machine. */
export const STATE_FOLDER = '/var/lib/logctl-setup'
const FILE = `${STATE_FOLDER}/refused.json`

const kept = z.record(z.string(), z.enum(['refused', 'unavailable']))

/** None where there is no such file, or not one that can be read: then everything is tried anew. */
export async function readRefusals(host: Witness): Promise<Refusals> {
  const entry = await host.read(FILE)
  if (entry?.kind !== 'file') return new Map()
  try {
    return new Map(Object.entries(kept.parse(JSON.parse(entry.text))))
  } catch {
    return new Map()
  }
}

export async function writeRefusals(host: Host, refusals: Refusals): Promise<void> {
  await host.makeFolder(STATE_FOLDER, { mode: '0755', owner: 'root:root' })
  const text = `${JSON.stringify(Object.fromEntries(refusals), undefined, 2)}\n`
  await host.put(FILE, { text, mode: '0644', owner: 'root:root' })
}
