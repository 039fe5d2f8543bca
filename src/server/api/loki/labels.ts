// /loki/api/v1/labels and /loki/api/v1/label/NAME/values: names of labels, and the values of one.
import type { Asked } from './loki-route.js'
import { lokiRoutes, nameInPath } from './loki-route.js'
import { matchersOf } from './matchers.js'
import { HOUR_NS, boundsOf, timeRange } from './parameters.js'
import { sendObject } from './send.js'

const ONE = '/loki/api/v1/label/'
/** Without times Loki looks back this far for labels. */
const DEFAULT_NS = 6n * HOUR_NS

export const labelsRoutes = [
  ...lokiRoutes(['/loki/api/v1/labels', '/loki/api/v1/label'], async (asked) =>
    sendNames(asked, Object.keys(await labels(asked))),
  ),
  ...lokiRoutes([`${ONE}{name}/values`], async (asked) => {
    const found = await labels(asked)
    const name = nameInPath(asked.exchange, ONE)
    return sendNames(asked, Object.hasOwn(found, name) ? (found[name] ?? []) : [])
  }),
]

/** Label names and their values, of the streams that the request selects. */
export function labels(asked: Asked): Promise<Readonly<Record<string, readonly string[]>>> {
  const { parameters, nowNs, scanner } = asked
  const range = boundsOf(timeRange(parameters, nowNs, DEFAULT_NS))
  const where = matchersOf(parameters.get('query'))
  return asked.inTurn('light', () => scanner.labels({ ...range, where }))
}

/** Loki leaves `data` out where there is nothing. */
function sendNames(asked: Asked, names: readonly string[]): Promise<void> {
  return sendObject(asked, { status: 'success', ...(names.length > 0 ? { data: names } : {}) })
}
