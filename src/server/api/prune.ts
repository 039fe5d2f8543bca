// POST /api/v1/prune: removes old days in the process that holds the data folder. What goes is upkeep's rule; here
// is only the way to it.
import { z } from 'zod'
import { fail } from '../../errors.js'
import type { PruneResult } from '../../upkeep/prune.js'
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Route, Service } from '../service.js'
import { readJson } from './read-json.js'

export interface PruneRequest {
  /** Absent: the rules of the configuration. Milliseconds. */
  readonly olderThanMs?: number | undefined
  readonly dryRun: boolean
  /** Also when the clock seems to have jumped. */
  readonly force: boolean
}

/** Throws CLOCK_JUMPED. */
export type PruneFunction = (request: PruneRequest) => Promise<PruneResult>

export const pruneRoute: Route = {
  method: 'POST',
  path: '/api/v1/prune',
  scope: 'admin',
  errors: 'json',
  handle: prune,
}

const schema = z.strictObject({
  older_than_ms: z.number().min(0).optional(),
  dry_run: z.boolean().default(false),
  force: z.boolean().default(false),
})

async function prune(exchange: Exchange, service: Service): Promise<void> {
  const { older_than_ms: olderThanMs, dry_run: dryRun, force } = await readJson(exchange, schema, service)
  const run = service.prune ?? fail('NOT_FOUND', 'this server does not prune')
  if (exchange.caller.key?.tenant !== undefined)
    fail('FORBIDDEN', 'a key bound to a tenant may not remove whole days')
  sendJson(exchange, 200, await run({ olderThanMs, dryRun, force }))
}
