// The Navigator-like day: access logs of sixty small Rails tenants behind one proxy, as one UTC day of NDJSON in about
// the order of time. Flat, ASCII, 15 keys and 344 bytes a line; what an ordinary fast path takes.
import { at, clockText, gathered, hex8, oneOf, randomFrom, weighted, zipf } from './random.mjs'

/** The UTC day that the events lie in; the first one, where there are several. */
export const NAVIGATOR_DATE = '2025-01-11'
/** Stands in exactly this many events, spread over the day, however large it is. */
export const NAVIGATOR_RARE = { word: 'segfault', events: 7 }
/** Stands in about one event of nine; each of its words is common too. */
export const NAVIGATOR_PHRASE = 'cache miss'
/** Stands nowhere. */
export const NAVIGATOR_ABSENT = 'quetzalcoatl'

const DAY_MS = 86_400_000
/** Lines of several machines arrive out of order by up to this much. */
const DISORDER_MS = 2000
/** How busy each hour is. */
const HOURS = [2, 1, 1, 1, 2, 3, 5, 8, 11, 13, 14, 13, 12, 13, 14, 14, 13, 12, 12, 13, 12, 9, 6, 4]

const CITIES = (
  'boston chicago denver seattle atlanta portland raleigh dallas houston miami tampa orlando phoenix tucson omaha ' +
  'boise reno albany buffalo hartford newark richmond norfolk columbus dayton toledo detroit lansing madison ' +
  'milwaukee tulsa austin london leeds bristol dublin cork paris lyon nice madrid sevilla lisbon porto milan turin ' +
  'rome vienna graz zurich basel bern munich berlin hamburg warsaw krakow prague sydney tokyo'
).split(' ')
const REGIONS = ['iad', 'ord', 'dfw', 'sjc', 'lhr', 'cdg', 'fra', 'waw', 'syd', 'nrt']
const SOURCES = ['rails', 'navigator', 'static']
const DRAWN_SOURCES = weighted([0, 1, 2], (index) => at([11, 7, 2], index))
const ROUTES = weighted(
  ['heats', 'entries', 'people', 'studios', 'scores', 'solos', 'formations', 'dances', 'judges', 'songs'],
  zipf,
)
const FORMATS = weighted(
  ['","status":', '/edit","status":', '.json","status":', '.pdf","status":'],
  (index) => at([14, 3, 2, 1], index),
)
const METHODS = weighted(['GET', 'POST', 'PATCH', 'DELETE'], (index) => at([84, 10, 5, 1], index))

/** What an answer's status makes of level, stream and message. */
const OUTCOMES = [
  { status: 200, weight: 760, level: 'info', stream: 'stdout', text: 'Completed 200 OK' },
  {
    status: 200,
    weight: 110,
    level: 'info',
    stream: 'stdout',
    text: `Completed 200 OK after ${NAVIGATOR_PHRASE}`,
  },
  {
    status: 302,
    weight: 60,
    level: 'info',
    stream: 'stdout',
    text: 'Redirected to login, completed 302 Found',
  },
  { status: 304, weight: 30, level: 'info', stream: 'stdout', text: 'Completed 304 Not Modified' },
  {
    status: 404,
    weight: 25,
    level: 'warn',
    stream: 'stdout',
    text: 'No route matches, completed 404 Not Found',
  },
  {
    status: 422,
    weight: 8,
    level: 'warn',
    stream: 'stdout',
    text: 'Validation failed: name is taken, completed 422',
  },
  {
    status: 500,
    weight: 4,
    level: 'error',
    stream: 'stderr',
    text: 'ActionView::Template::Error, completed 500',
  },
  {
    status: 503,
    weight: 3,
    level: 'error',
    stream: 'stderr',
    text: 'upstream timed out while reading the answer',
  },
]
const DRAWN_OUTCOMES = weighted([...OUTCOMES.keys()], (index) => at(OUTCOMES, index).weight)

/** Of the shared address space (RFC 6598), so that nobody is meant. */
const ADDRESSES = Array.from({ length: 65_536 }, (_, n) => `100.64.${n >>> 8}.${n & 255}`)

/** Tenths of a millisecond: most answers take some 10 ms, one in a thousand takes seconds. */
const DURATIONS = Array.from({ length: 4096 }, (_, n) => {
  const share = n / 4096
  return Math.round(40 + 500 * share * share + 60 / (1.003 - share))
})
const DURATION_TEXTS = DURATIONS.map((tenths) => `,"duration":${tenths / 10},"bytes":`)
const MESSAGE_ENDS = DURATIONS.map((tenths) => ` in ${tenths / 10}ms (db ${Math.floor(tenths / 4) / 10}ms)`)

/**
 * The day as buffers of whole lines, or as many days, one after another.
 * @param {{ events: number, seed?: number, days?: number }} wanted @returns {Generator<Buffer>}
 */
export function navigatorDay({ events, seed = 1, days = 1 }) {
  const random = randomFrom(seed)
  const tenants = weighted(
    CITIES.map((city, index) => tenantOf(random, city, index)),
    zipf,
  )
  const rareAt = new Set(
    Array.from({ length: NAVIGATOR_RARE.events }, (_, n) =>
      Math.floor(((n + 0.5) * events) / NAVIGATOR_RARE.events),
    ),
  )
  const timeMs = busyTimes(events / days)
  const dates = Array.from({ length: days }, (_, n) =>
    new Date(Date.parse(NAVIGATOR_DATE) + n * DAY_MS).toISOString().slice(0, 10),
  )
  return gathered(
    events,
    (index) => {
      const day = Math.floor((index * days) / events)
      const ms = Math.max(0, timeMs(index - (day * events) / days) - (random() % DISORDER_MS))
      return eventText({
        random,
        tenant: oneOf(random, tenants),
        date: at(dates, day),
        ms,
        rare: rareAt.has(index),
      })
    },
    'latin1',
  )
}

/** @typedef {{ city: string, streams: string[][] }} Tenant */

/**
 * With the text of everything that names a stream, by source and outcome: it is the same in very many events.
 * @param {import('./random.mjs').Random} random @param {string} city @param {number} index @returns {Tenant}
 */
function tenantOf(random, city, index) {
  const host = hex8(random)
  const machine = `"host":"${host}","region":"${at(REGIONS, index % REGIONS.length)}"`
  const streams = SOURCES.map((source) =>
    OUTCOMES.map(
      ({ stream, level }) =>
        `Z","tenant":"${city}","source":"${source}","stream":"${stream}","level":"${level}",${machine},"method":"`,
    ),
  )
  return { city, streams }
}

/** @param {{ random: import('./random.mjs').Random, tenant: Tenant, date: string, ms: number, rare: boolean }} event */
function eventText({ random, tenant: { city, streams }, date, ms, rare }) {
  const [draw, id, more] = [random(), random(), random()]
  const outcome = at(DRAWN_OUTCOMES, draw & 4095)
  const { status, text } = at(OUTCOMES, outcome)
  const duration = more & 4095
  const took = at(DURATION_TEXTS, duration)
  return (
    `{"@timestamp":"${date}T${clockText(ms)}${at(at(streams, at(DRAWN_SOURCES, (draw >>> 12) & 4095)), outcome)}` +
    `${at(METHODS, more >>> 20)}","path":"/${city}/${oneOf(random, ROUTES)}/${(id >>> 12) % 1500}${at(FORMATS, id & 4095)}` +
    `${status}${took}${300 + (draw >>> 21) * (duration & 31)},` +
    `"client_ip":"${at(ADDRESSES, more >>> 16)}","request_id":"${hex8(random)}${hex8(random)}",` +
    `"message":"${text}${at(MESSAGE_ENDS, duration)}${rare ? `: worker ended by ${NAVIGATOR_RARE.word}"}` : '"}'}`
  )
}

/** From the index of an event to its time of day, so that each hour gets its share. @param {number} events Of a day. */
function busyTimes(events) {
  const total = HOURS.reduce((sum, weight) => sum + weight, 0)
  const hourMs = DAY_MS / HOURS.length
  let [hour, before] = [0, 0]
  return (/** @type {number} */ index) => {
    const position = Math.min(((index + 0.5) / events) * total, total - 1e-9)
    if (position < before) [hour, before] = [0, 0]
    while (position >= before + at(HOURS, hour)) before += at(HOURS, hour++)
    return Math.floor((hour + (position - before) / at(HOURS, hour)) * hourMs)
  }
}
