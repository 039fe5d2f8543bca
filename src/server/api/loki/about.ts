// What Loki's clients ask about the server: its version, and the limits that queries have.
import type { Config } from '../../../config/schema.js'
import { DEFAULT_LIMITS } from '../../../query/limits.js'
import { mostEntries } from './entry-limit.js'
import type { Asked } from './loki-route.js'
import { lokiRoutes } from './loki-route.js'
import { sendObject } from './send.js'

/** Grafana shows or hides features by the version of Loki that it speaks to: this one has the same API. */
const LIKE_LOKI = '3.6.0'

export const aboutRoutes = [
  ...lokiRoutes(['/loki/api/v1/status/buildinfo'], buildInfo),
  ...lokiRoutes(['/loki/api/v1/drilldown-limits'], drilldownLimits),
  ...lokiRoutes(['/config/tenant/v1/limits'], (asked) =>
    sendObject(asked, limitsOf(asked.service.settings.config)),
  ),
]

function buildInfo(asked: Asked): Promise<void> {
  return sendObject(asked, {
    version: LIKE_LOKI,
    revision: asked.service.version,
    branch: 'logctl',
    buildUser: `logctl ${asked.service.version}`,
    buildDate: '',
    goVersion: '',
  })
}

function drilldownLimits(asked: Asked): Promise<void> {
  return sendObject(asked, {
    limits: limitsOf(asked.service.settings.config),
    pattern_ingester_enabled: false,
    version: LIKE_LOKI,
  })
}

/** Under Loki's names. A duration of 0s means that there is no such limit. */
function limitsOf(config: Config): object {
  return {
    discover_log_levels: true,
    discover_service_name: [
      'service',
      'app',
      'application',
      'name',
      'container',
      'component',
      'workload',
      'job',
    ],
    log_level_fields: ['level', 'severity', 'lvl'],
    max_entries_limit_per_query: mostEntries(config),
    max_line_size_truncate: true,
    max_query_bytes_read: '0B',
    max_query_length: '0s',
    max_query_lookback: '0s',
    max_query_range: '0s',
    max_query_series: DEFAULT_LIMITS.maxSeries,
    metric_aggregation_enabled: false,
    pattern_persistence_enabled: false,
    query_timeout: `${config.query.timeout / 1000}s`,
    retention_period: config.retention.auto ? `${config.retention.age / 1000}s` : '0s',
    volume_enabled: true,
    volume_max_series: 1000,
  }
}
