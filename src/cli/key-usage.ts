// What keys were used for: counts of the server that runs on their folder, and when each was last seen, which the folder
// remembers without it.
import type { KeyUsage, ServerStatus } from '../client/answers.js'
import { readKeysSeen } from '../server/key-ledger.js'
import { runningServer } from './running-server.js'
import type { Session } from './session.js'
import { openServerAt } from './target.js'

export interface UsedKey {
  /** RFC 3339; absent where the key was never used. */
  readonly last_seen?: string | undefined
  /** Since the server started; absent where none runs, or it did not see the key. */
  readonly doors?: KeyUsage['doors'] | undefined
}

/** Each key with its use. */
export async function withUsage<Key extends { readonly id: string }>(
  keys: readonly Key[],
  dataFolder: string,
  session: Session,
): Promise<(Key & UsedKey)[]> {
  const seen = readKeysSeen(dataFolder)
  const counted = new Map((await countedKeys(dataFolder, session)).map((usage) => [usage.id, usage]))
  return keys.map((key) => {
    const usage = counted.get(key.id)
    return Object.assign({}, key, { last_seen: usage?.last_seen ?? seen[key.id], doors: usage?.doors })
  })
}

/** None where no server runs, or this user may not ask it. */
async function countedKeys(dataFolder: string, session: Session): Promise<ServerStatus['keys']> {
  const server = await runningServer(dataFolder)
  if (server?.kind !== 'socket') return []
  const client = await openServerAt(server, session)
  try {
    return (await client.status()).keys
  } finally {
    await client.close()
  }
}
