// The Kubernetes-like week: 5,000 streams of 120 applications that agree on nothing, over seven UTC days in random
// order. Nested objects, escapes, Unicode, text lines, drifting types; what an ordinary fast path does not take.
import { at, clockText, gathered, hex8, oneOf, randomFrom, THREE_DIGITS } from './random.mjs'
import { streamsOf } from './kubernetes-apps.mjs'

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {import('./kubernetes-apps.mjs').Stream} Stream */
/** @typedef {import('./kubernetes-apps.mjs').App} App */

/** The first of the seven UTC days. */
export const KUBERNETES_DATE = '2025-01-06'
/** Stands in exactly this many events, however many there are. */
export const KUBERNETES_RARE = { word: 'segfault', events: 7 }
/** Stands in about one event of eight; each of its words is common too. */
export const KUBERNETES_PHRASE = 'connection reset'
/** Stands nowhere. */
export const KUBERNETES_ABSENT = 'quetzalcoatl'

const START_MS = Date.parse(`${KUBERNETES_DATE}T00:00:00Z`)
const DAY_MS = 86_400_000
const WEEK_MS = 7 * DAY_MS
/** The days of the week, and those before and after it that its ends have elsewhere on Earth. */
const DATES = Array.from({ length: 9 }, (_, n) =>
  new Date(START_MS + (n - 1) * DAY_MS).toISOString().slice(0, 10),
)
/** `0` to `99.99`. */
const HUNDREDTHS = Array.from({ length: 10_000 }, (_, n) => String(n / 100))
/** An application writes few of its fields twice in a row: each is there so often, in eighths. */
const FIELD_EIGHTHS = 7

const MESSAGES = [
  'request handled',
  `${KUBERNETES_PHRASE} by peer, will retry`,
  'user "anna" signed in from café\tBerlin',
  'Größe überschritten: 12 € zu viel',
  '注文を処理しました 🚚',
  'wrote C:\\data\\export.csv',
  'select * from "orders" where id = $1\n  limit 1',
  'queue drained',
]
const TRACE = [
  'java.lang.IllegalStateException: worker is closed',
  '\tat com.example.shop.Worker.run(Worker.java:117)',
  '\tat java.base/java.lang.Thread.run(Thread.java:840)',
].join('\n')
const WORDS = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima'.split(' ')
const PATHS = ['/', '/health', '/api/v2/orders', '/api/v2/users/me', '/static/app.js', '/søk?q=%C3%A6']

/**
 * The week as buffers of whole lines, as an agent that merges what applications write sends them to the JSON door.
 * @param {{ events: number, seed?: number }} wanted @returns {Generator<Buffer>}
 */
export function kubernetesWeek({ events, seed = 1 }) {
  const next = entries({ events, seed })
  return gathered(
    events,
    (index) => {
      const { stream, timeMs, nanos, line } = next(index)
      if (line.startsWith('{')) return `{${stream.labelText},${line.slice(1)}`
      return `{"time":"${isoText(timeMs)}${at(THREE_DIGITS, nanos % 1000)}Z",${stream.labelText},"message":${JSON.stringify(line)}}`
    },
    'utf8',
  )
}

/** @typedef {{ stream: Stream, timeMs: number, nanos: number, line: string }} Entry `nanos` within the millisecond. */

/**
 * What the applications write, before any agent looks at it.
 * @param {{ events: number, seed: number }} wanted @returns {(index: number) => Entry}
 */
export function entries({ events, seed }) {
  const random = randomFrom(seed)
  const streams = streamsOf(seed)
  const rareAt = new Set(
    Array.from({ length: KUBERNETES_RARE.events }, (_, n) =>
      Math.floor(((n + 0.5) * events) / KUBERNETES_RARE.events),
    ),
  )
  return (index) => {
    // Few pods are busy, most are not.
    const share = random() / 2 ** 32
    const stream = at(streams, Math.floor(share * share * streams.length))
    const timeMs = START_MS + Math.floor((random() / 2 ** 32) * WEEK_MS)
    const nanos = random() % 1_000_000
    const message = oneOf(random, MESSAGES) + (rareAt.has(index) ? ` ${KUBERNETES_RARE.word}` : '')
    return { stream, timeMs, nanos, line: lineOf({ random, app: stream.app, timeMs, nanos, message }) }
  }
}

/** @typedef {{ random: Random, app: App, timeMs: number, nanos: number, message: string }} Draft */

/** A line in the form of its application. @param {Draft} draft */
function lineOf(draft) {
  const { random, app, timeMs, nanos, message } = draft
  // Most is informational.
  const iso = isoText(timeMs)
  const severity = at([1, 1, 1, 1, 1, 0, 2, 3], random() & 7)
  const level = at(app.levels, severity)
  const head = `{"${app.timeKey}":${timeText(app.timeForm, timeMs, nanos)}`
  const rest = `${fieldsText(random, app)},"msg":${jsonText(app, message)}}`
  switch (app.form) {
    case 'flat':
      return `${head},"${app.levelKey}":"${level}"${rest}`
    case 'nested':
      return `${head},"log":{"level":"${level}","logger":"com.example.${oneOf(random, WORDS)}"},"k8s":{"uid":"${hex8(random)}","tags":["${oneOf(random, WORDS)}",${random() % 9}],"owner":{"kind":"ReplicaSet"}}${rest}`
    case 'pino':
      return `{"level":${severity * 10 + 20},"time":${timeMs},"pid":${random() % 300},"hostname":"${app.name}"${rest}`
    case 'access':
      return `${head},"method":"GET","path":"${oneOf(random, PATHS)}","status":${oneOf(random, [200, 200, 200, 304, 404, 500])},"referrer":${jsonText(app, message)}${fieldsText(random, app)}}`
    case 'klog':
      return `${'DIWE'.charAt(severity)}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11)} ${random() % 30} controller.go:${random() % 900}] "${message}" shard="${random() % 64}" uid="${hex8(random)}"`
    case 'logfmt':
      return `level=${level} caller=main.go:${random() % 900} duration=${(random() % 5000) / 10}ms msg="${message}" id=${hex8(random)}`
    default:
      return severity === 3 ? `[${level}] ${message}\n${TRACE}` : `[${level}] ${message} id=${hex8(random)}`
  }
}

/** What was written as JSON already: messages are few. @type {Map<string, string>[]} */
const jsonTexts = [new Map(), new Map()]

/** JSON text, ASCII only as Python's json writes it where the application is of that kind. @param {App} app @param {string} text */
function jsonText(app, text) {
  const ascii = app.timeForm === 3
  const known = at(jsonTexts, ascii ? 1 : 0)
  let json = known.get(text)
  if (json === undefined) {
    json = JSON.stringify(text)
    if (ascii)
      json = json.replace(/[^\0-\x7f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    known.set(text, json)
  }
  return json
}

/** RFC 3339 with milliseconds and without an offset. @param {number} ms Of this week. */
function isoText(ms) {
  const since = ms - START_MS + DAY_MS
  return `${at(DATES, Math.floor(since / DAY_MS))}T${clockText(since % DAY_MS)}`
}

/** The moment in one of the forms that applications write. @param {number} form @param {number} ms @param {number} nanos */
function timeText(form, ms, nanos) {
  const second = Math.floor(ms / 1000)
  const millis = at(THREE_DIGITS, ms % 1000)
  const nine = `${millis}${at(THREE_DIGITS, Math.floor(nanos / 1000))}${at(THREE_DIGITS, nanos % 1000)}`
  switch (form) {
    case 0:
      return String(ms)
    case 1:
      return `"${second}${nine}"`
    case 2:
      return `"${isoText(ms + 7_200_000)}+02:00"`
    case 3:
      return `"${isoText(ms - 18_000_000).slice(0, 19)}.${nine}-05:00"`
    case 4:
      return `${second}.${millis}`
    case 5:
      return `"${isoText(ms).slice(0, 19)}Z"`
    default:
      return `"${isoText(ms)}Z"`
  }
}

/** @param {Random} random @param {App} app */
function fieldsText(random, app) {
  let text = ''
  for (const { key, kind } of app.fields)
    if ((random() & 7) < FIELD_EIGHTHS) text += `,${key}${valueText(random, kind)}`
  return text
}

/** @param {Random} random @param {string} kind */
function valueText(random, kind) {
  const number = random()
  switch (kind) {
    case 'id':
      return `"${hex8(random)}"`
    case 'count':
      return String(number % 100)
    case 'ms':
    case 'ratio':
      return at(HUNDREDTHS, number % 10_000)
    case 'bytes':
      return String(number & 0xfffff)
    case 'ok':
      return number & 1 ? 'true' : 'false'
    case 'code':
      return at(['0', '200', 'null', '"E_TIMEOUT"'], number & 3)
    case 'path':
      return `"${oneOf(random, PATHS)}"`
    case 'name':
      return `"${oneOf(random, WORDS)}"`
    default:
      return `"${oneOf(random, WORDS)} \\"${number % 50}\\" ${oneOf(random, WORDS)}"`
  }
}
