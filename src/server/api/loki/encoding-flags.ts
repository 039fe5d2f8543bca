// The header by which Grafana and logcli ask for another form of streams.
import type { Exchange } from '../../exchange.js'

export function encodingFlags({ request }: Exchange): string[] {
  return String(request.headers['x-loki-response-encoding-flags'] ?? '')
    .split(',')
    .map((flag) => flag.trim())
}
