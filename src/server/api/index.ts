// The table of answers.
import type { Route } from '../service.js'
import { aggregateRoute } from './aggregate.js'
import { daysRoute } from './days.js'
import { elasticsearchRoutes } from './elasticsearch.js'
import { healthRoutes } from './health.js'
import { labelsRoute } from './labels.js'
import { lokiApiRoutes, tailRoutes } from './loki/index.js'
import { metricsRoute } from './metrics.js'
import { pruneRoute } from './prune.js'
import { readyRoutes } from './ready.js'
import { rootRoute } from './root.js'
import { scanRoute } from './scan.js'
import { sealRoute } from './seal.js'
import { sequenceRoute } from './sequence.js'
import { splunkRoutes } from './splunk.js'
import { statsRoute } from './stats.js'
import { statusRoute } from './status.js'
import { summaryRoute } from './summary.js'
import { tailRoute } from './tail.js'

/** Timed by `logctl_query_seconds`; a tail lasts as long as its reader likes. */
const timedRoutes = [
  aggregateRoute,
  daysRoute,
  labelsRoute,
  scanRoute,
  statsRoute,
  summaryRoute,
  ...lokiApiRoutes,
].map(timed)

/** What the metrics listener answers. */
export const watchRoutes: readonly Route[] = [metricsRoute, ...healthRoutes, ...readyRoutes]

export const apiRoutes: readonly Route[] = [
  ...watchRoutes,
  rootRoute,
  ...timedRoutes,
  tailRoute,
  ...tailRoutes,
  sequenceRoute,
  statusRoute,
  pruneRoute,
  sealRoute,
  ...elasticsearchRoutes,
  ...splunkRoutes,
]

function timed(route: Route): Route {
  return {
    ...route,
    handle: async (exchange, service) => {
      try {
        await route.handle(exchange, service)
      } finally {
        const seconds = (performance.now() - exchange.startedMs) / 1000
        service.metrics.observe('logctl_query_seconds', { route: route.path }, seconds)
      }
    },
  }
}
