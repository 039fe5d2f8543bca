// GET /metrics: the server's numbers in Prometheus' text format, for this machine and the metrics listener only.
import { sendText } from '../answer.js'
import type { Exchange } from '../exchange.js'
import { setMirrorGauges, setProcessGauges, setStoreGauges } from '../metrics.js'
import type { Route, Service } from '../service.js'

export const metricsRoute: Route = {
  method: 'GET',
  path: '/metrics',
  scope: 'local',
  errors: 'text',
  handle: metrics,
}

async function metrics(exchange: Exchange, service: Service): Promise<void> {
  const { metrics, listeners, budget, storeStatus, tails } = service
  // A store that fails must not take the numbers that show it along.
  const status = await storeStatus().catch(() => undefined)
  if (status) setStoreGauges(metrics, status)
  const mirror = await service.mirrorStatus?.().catch(() => undefined)
  if (mirror) setMirrorGauges(metrics, mirror)
  if (service.tls)
    metrics.set('logctl_certificate_expiry_seconds', {}, service.tls.certificate().notAfterMs / 1000)
  setProcessGauges(metrics)
  for (const { name, connections } of listeners)
    metrics.set('logctl_connections', { listener: name }, connections())
  metrics.set('logctl_tails', {}, tails)
  metrics.set('logctl_in_flight_bytes', {}, budget.inUse())
  sendText(exchange, 200, (await metrics.text()).trimEnd(), { 'content-type': metrics.contentType })
}
