// POST /api/v1/seal: writes what is hot to sealed parts now.
import { sendNothing } from '../answer.js'
import type { Route } from '../service.js'

export const sealRoute: Route = {
  method: 'POST',
  path: '/api/v1/seal',
  scope: 'admin',
  errors: 'json',
  handle: async (exchange, { store }) => {
    await store.seal()
    sendNothing(exchange)
  },
}
