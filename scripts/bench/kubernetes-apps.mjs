// The applications of the Kubernetes-like data set, and the streams of their pods: what each writes on a line, in
// which form of JSON or text, with which of about 200 field names, spellings of levels and forms of time.
import { at, hex8, oneOf, randomFrom } from './random.mjs'

/** @typedef {import('./random.mjs').Random} Random */

/**
 * @typedef {object} App
 * @property {string} name
 * @property {string} namespace
 * @property {'flat' | 'nested' | 'pino' | 'access' | 'klog' | 'logfmt' | 'trace'} form
 * @property {string} levelKey
 * @property {readonly string[]} levels How it spells debug, info, warn and error.
 * @property {string} timeKey
 * @property {number} timeForm An index of the forms of time.
 * @property {readonly Field[]} fields
 */
/** @typedef {{ key: string, kind: string }} Field `key` is the JSON text of the name with its colon. */
/** @typedef {{ app: App, labels: Record<string, string>, labelText: string }} Stream `labelText` has no braces. */

const APPS = 120
const STREAMS = 5000
const NODES = 40
const FIELDS_MIN = 4
const FIELDS_MORE = 9

const NAMESPACES =
  'shop payments search accounts media mail data-platform ingress monitoring kube-system'.split(' ')
const NAMES = 'api worker web gateway cron consumer producer cache proxy auth indexer scheduler'.split(' ')
const SUBJECTS =
  'user order cart payment invoice product session request response job queue topic shard node cache db http grpc file batch'.split(
    ' ',
  )
/** What a field says of its subject, which is also the kind of its values. */
const KINDS = ['id', 'count', 'ms', 'name', 'bytes', 'ok', 'ratio', 'path', 'code', 'note']
const FORMS = /** @type {const} */ (['flat', 'flat', 'nested', 'pino', 'access', 'klog', 'logfmt', 'trace'])
const LEVELS = [
  ['debug', 'info', 'warn', 'error'],
  ['DEBUG', 'INFO', 'WARNING', 'ERROR'],
  ['Debug', 'Information', 'Warning', 'Error'],
  ['dbg', 'inf', 'wrn', 'err'],
  ['TRACE', 'NOTICE', 'WARN', 'CRITICAL'],
]
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'LEVEL', 'detected_level']
const TIME_KEYS = ['time', 'ts', 'timestamp', '@timestamp']

/** The forms of time that applications write; see timeText in kubernetes-week.mjs. */
export const TIME_FORMS = 7

/** Every stream, the same for the same seed. @param {number} seed @returns {Stream[]} */
export function streamsOf(seed) {
  const random = randomFrom(seed ^ 0x6b3873)
  const apps = Array.from({ length: APPS }, (_, index) => appOf(random, index))
  return Array.from({ length: STREAMS }, (_, index) => streamOf(random, at(apps, index % APPS), index))
}

/** @param {Random} random @param {number} index @returns {App} */
function appOf(random, index) {
  const fields = new Map()
  for (let left = FIELDS_MIN + (random() % FIELDS_MORE); left > 0; left--) {
    const [subject, kind] = [oneOf(random, SUBJECTS), oneOf(random, KINDS)]
    const snake = SUBJECTS.indexOf(subject) % 3 !== 0
    const name = snake ? `${subject}_${kind}` : subject + kind.slice(0, 1).toUpperCase() + kind.slice(1)
    // One application writes as text what others write as numbers.
    fields.set(name, { key: `"${name}":`, kind: index % 17 === 5 ? 'note' : kind })
  }
  return {
    name: `${at(NAMESPACES, index % NAMESPACES.length)}-${at(NAMES, Math.floor(index / NAMESPACES.length))}`,
    namespace: at(NAMESPACES, index % NAMESPACES.length),
    form: at(FORMS, index % FORMS.length),
    levelKey: oneOf(random, LEVEL_KEYS),
    levels: oneOf(random, LEVELS),
    timeKey: oneOf(random, TIME_KEYS),
    timeForm: random() % TIME_FORMS,
    fields: [...fields.values()],
  }
}

/** @param {Random} random @param {App} app @param {number} index @returns {Stream} */
function streamOf(random, app, index) {
  const labels = {
    namespace: app.namespace,
    app: app.name,
    pod: `${app.name}-${hex8(random)}-${hex8(random).slice(0, 5)}`,
    container: index % 5 === 4 ? 'istio-proxy' : app.name,
    host: `node-${random() % NODES}`,
    env: random() % 4 === 0 ? 'staging' : 'production',
    stream: random() % 6 === 0 ? 'stderr' : 'stdout',
  }
  return { app, labels, labelText: JSON.stringify(labels).slice(1, -1) }
}
