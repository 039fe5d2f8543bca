// The table of ingest doors.
import type { Exchange } from '../exchange.js'
import type { Route } from '../service.js'
import type { Door } from './door.js'
import { elasticsearchDoor } from './elasticsearch.js'
import { herokuDoor, isDrain } from './heroku.js'
import { jsonDoor } from './json.js'
import { lokiPushDoor } from './loki-push.js'
import { otlpDoor } from './otlp.js'
import { countFailure, receive } from './receive.js'
import { splunkDoor, splunkRawDoor } from './splunk.js'

export const DOORS: readonly Door[] = [
  jsonDoor,
  lokiPushDoor,
  herokuDoor,
  elasticsearchDoor,
  splunkDoor,
  splunkRawDoor,
  otlpDoor,
]

export const ingestRoutes: readonly Route[] = [
  ...DOORS.flatMap((door) => door.paths.map((path) => ingestRoute(path, door.errors, () => door))),
  ingestRoute('/', 'json', ({ request }) =>
    isDrain(request.headers['content-type']) ? herokuDoor : jsonDoor,
  ),
]

function ingestRoute(path: string, errors: Door['errors'], doorOf: (exchange: Exchange) => Door): Route {
  return {
    method: 'POST',
    path,
    scope: 'ingest',
    errors,
    handle: (exchange, service) => receive(doorOf(exchange), exchange, service),
    failed: (failure, exchange, service) => countFailure(doorOf(exchange), failure, exchange, service),
  }
}
