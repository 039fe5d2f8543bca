// /loki/api/v1/index/stats: how much a selector chooses; Grafana shows it beside a query before it runs.
import type { Asked } from './loki-route.js'
import { lokiRoutes } from './loki-route.js'
import { selectiveMatchers } from './matchers.js'
import { boundsOf, timeRange } from './parameters.js'
import { sendObject } from './send.js'
import { streamSums, total } from './stream-sums.js'

export const indexStatsRoutes = lokiRoutes(['/loki/api/v1/index/stats'], indexStats)

async function indexStats(asked: Asked): Promise<void> {
  const { parameters, nowNs } = asked
  const where = selectiveMatchers(parameters.get('query'))
  const range = boundsOf(timeRange(parameters, nowNs))
  const [counts, bytes] = await asked.inTurn('light', async () => [
    await streamSums(asked, { of: 'count', where, ...range }),
    await streamSums(asked, { of: 'bytes', where, ...range, names: [] }),
  ])
  const streams = counts?.length ?? 0
  await sendObject(asked, {
    streams,
    // This store has no chunks of single streams; each stream has at least one in Loki.
    chunks: streams,
    bytes: total(bytes ?? []),
    entries: total(counts ?? []),
  })
}
