// GET /ready: 200 while requests are taken, 503 only while the server starts or stops. Vector and Loki's clients
// ask it before they send. Open to all.
import { sendText } from '../answer.js'
import type { Route } from '../service.js'

export const readyRoutes: readonly Route[] = ['/ready', '/readyz'].map((path) => ({
  method: 'GET',
  path,
  scope: 'open',
  errors: 'text',
  handle: (exchange, { started, stopping }) => {
    if (stopping.aborted) sendText(exchange, 503, 'stopping', { 'retry-after': '1' })
    else if (!started) sendText(exchange, 503, 'starting', { 'retry-after': '1' })
    else sendText(exchange, 200, 'ready')
    return Promise.resolve()
  },
}))
