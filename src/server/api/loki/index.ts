// The table of answers of Loki's HTTP API, which Grafana, logcli and other clients of Loki speak.
// Source: Loki's documentation, "Loki HTTP API".
import type { Route } from '../../service.js'
import { aboutRoutes } from './about.js'
import { detectedFieldsRoutes } from './detected-fields.js'
import { detectedLabelsRoutes } from './detected-labels.js'
import { formatQueryRoutes } from './format-query.js'
import { indexStatsRoutes } from './index-stats.js'
import { labelsRoutes } from './labels.js'
import { patternsRoutes } from './patterns.js'
import { queryRangeRoutes } from './query-range.js'
import { queryRoutes } from './query.js'
import { seriesRoutes } from './series.js'
import { volumeRoutes } from './volume.js'

export { tailRoutes } from './tail.js'

export const lokiApiRoutes: readonly Route[] = [
  ...queryRoutes,
  ...queryRangeRoutes,
  ...labelsRoutes,
  ...seriesRoutes,
  ...indexStatsRoutes,
  ...volumeRoutes,
  ...detectedLabelsRoutes,
  ...detectedFieldsRoutes,
  ...patternsRoutes,
  ...formatQueryRoutes,
  ...aboutRoutes,
]
