// GET /api/v1/sequence: the sequence of the newest record, where a reader that follows begins.
import { sendJson } from '../answer.js'
import type { Route } from '../service.js'

export const sequenceRoute: Route = {
  method: 'GET',
  path: '/api/v1/sequence',
  scope: 'read',
  errors: 'json',
  handle: async (exchange, { store }) => sendJson(exchange, 200, { sequence: await store.newestSequence() }),
}
