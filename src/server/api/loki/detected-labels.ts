// /loki/api/v1/detected_labels: labels worth choosing by, with how many values each has. Labels of which all values
// are numbers or UUIDs are left out, but for those that say where something runs.
import { labels } from './labels.js'
import type { Asked } from './loki-route.js'
import { lokiRoutes } from './loki-route.js'
import { sendObject } from './send.js'

export const detectedLabelsRoutes = lokiRoutes(['/loki/api/v1/detected_labels'], detectedLabels)

const ALWAYS: ReadonlySet<string> = new Set(['cluster', 'namespace', 'instance', 'pod'])
const IDENTIFIER = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12})$/i

async function detectedLabels(asked: Asked): Promise<void> {
  const found = Object.entries(await labels(asked))
    .filter(([name, values]) => ALWAYS.has(name) || values.some((value) => !IDENTIFIER.test(value)))
    .map(([label, values]) => ({ label, cardinality: values.length }))
  await sendObject(asked, { detectedLabels: found })
}
