// /loki/api/v1/series: the label sets of the streams that any of the selectors choose, by whole hours.
import { labelsKey, type Labels } from '../../../record/labels.js'
import type { Asked } from './loki-route.js'
import { lokiRoutes } from './loki-route.js'
import { matchersOf } from './matchers.js'
import { boundsOf, timeRange, wholeHours } from './parameters.js'
import { sendPieces } from './send.js'
import { streamSums } from './stream-sums.js'

export const seriesRoutes = lokiRoutes(['/loki/api/v1/series'], series)

/** Each costs a look at all counts. */
const MOST_SELECTORS = 100

async function series(asked: Asked): Promise<void> {
  const { parameters, nowNs } = asked
  const texts = [...parameters.getAll('match[]'), ...parameters.getAll('match')].slice(0, MOST_SELECTORS)
  const selectors = (texts.length === 0 ? ['{}'] : texts).map(matchersOf)
  const range = boundsOf(wholeHours(timeRange(parameters, nowNs)))
  const found = new Map<string, Labels>()
  await asked.inTurn('light', async () => {
    for (const where of selectors)
      for (const { labels } of await streamSums(asked, { of: 'count', where, ...range }))
        found.set(labelsKey(labels), labels)
  })
  await sendPieces(asked, pieces([...found.values()]))
}

function* pieces(sets: readonly Labels[]): Generator<string> {
  yield '{"status":"success","data":['
  for (const [at, labels] of sets.entries()) yield `${at === 0 ? '' : ','}${JSON.stringify(labels)}`
  yield ']}'
}
