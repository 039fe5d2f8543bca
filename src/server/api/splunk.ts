// What senders to Splunk's HTTP Event Collector ask beside sending: whether it is well, and for receipts, which it does
// not give: an answer comes when the events are on disk.
import { sendJson } from '../answer.js'
import type { Exchange } from '../exchange.js'
import type { Route } from '../service.js'

const EVENT_PATHS = ['', '/1.0', '/event', '/event/1.0', '/raw', '/raw/1.0']

export const splunkRoutes: readonly Route[] = [
  ...['/health', '/health/1.0'].map((end) => route('GET', end, 200, { text: 'HEC is healthy', code: 17 })),
  route('POST', '/ack', 400, { text: 'ACK is disabled', code: 14 }),
  // Docker's driver asks so whether there is a collector, and wants a 200.
  ...EVENT_PATHS.map((end) => route('OPTIONS', end, 200, {})),
]

function route(method: Route['method'], end: string, status: number, body: object): Route {
  return {
    method,
    path: `/services/collector${end}`,
    scope: 'open',
    errors: 'splunk',
    handle: (exchange: Exchange) => {
      sendJson(exchange, status, body)
      return Promise.resolve()
    },
  }
}
