// The table of ingest doors.
import type { Route } from '../service.js'
import type { Door } from './door.js'
import { jsonDoor } from './json.js'
import { lokiPushDoor } from './loki-push.js'
import { countFailure, receive } from './receive.js'

export const DOORS: readonly Door[] = [jsonDoor, lokiPushDoor]

export const ingestRoutes: readonly Route[] = DOORS.flatMap((door) =>
  door.paths.map((path) => ({
    method: 'POST' as const,
    path,
    scope: 'ingest' as const,
    errors: door.errors,
    handle: (exchange, service) => receive(door, exchange, service),
    failed: (failure, exchange, service) => countFailure(door, failure, exchange, service),
  })),
)
