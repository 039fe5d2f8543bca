// /loki/api/v1/detected_fields and detected_field/NAME/values: the fields that the newest lines of a query have, and
// the values of one.
import { type FieldDetector, fieldDetector } from '../../../query/detect-fields.js'
import { parseLog } from '../../../query/parse.js'
import { requireSelective } from '../../../query/require-selective.js'
import { runLog } from '../../../query/run-log.js'
import { checkEntryLimit } from './entry-limit.js'
import type { Asked } from './loki-route.js'
import { lokiRoutes, nameInPath } from './loki-route.js'
import { boundsOf, limit, timeRange } from './parameters.js'
import { sendObject } from './send.js'

const ONE = '/loki/api/v1/detected_field/'
const DEFAULT_FIELDS = 1000

export const detectedFieldsRoutes = [
  ...lokiRoutes(['/loki/api/v1/detected_fields'], detectedFields),
  ...lokiRoutes([`${ONE}{name}/values`], fieldValues),
]

async function detectedFields(asked: Asked): Promise<void> {
  const most = fieldLimit(asked)
  const { fields } = await detect(asked)
  const found = [...fields].slice(0, most).map(([label, { kind, values, parsers, jsonPath }]) => ({
    label,
    type: kind,
    cardinality: values.size,
    parsers: parsers.size === 0 ? null : [...parsers].sort(),
    // JSON leaves out what is undefined.
    jsonPath,
  }))
  await sendObject(asked, { fields: found, limit: most })
}

async function fieldValues(asked: Asked): Promise<void> {
  const most = fieldLimit(asked)
  const name = nameInPath(asked.exchange, ONE)
  const { fields } = await detect(asked)
  await sendObject(asked, { values: [...(fields.get(name)?.values ?? [])].slice(0, most), limit: most })
}

function fieldLimit({ parameters }: Asked): number {
  return limit(parameters, parameters.get('limit') ? 'limit' : 'field_limit', DEFAULT_FIELDS)
}

async function detect(asked: Asked): Promise<FieldDetector> {
  const { parameters, nowNs, scanner, options, service } = asked
  const query = parseLog(parameters.get('query') ?? '')
  requireSelective(query)
  const lines = limit(parameters, 'line_limit')
  checkEntryLimit(lines, service.settings.config)
  const range = boundsOf(timeRange(parameters, nowNs))
  const detector = fieldDetector()
  const request = { ...range, direction: 'backward', limit: lines } as const
  await asked.inTurn('heavy', async () => {
    for await (const piece of runLog(scanner, query, request, options))
      for (const entry of piece) detector.add(entry)
  })
  return detector
}
