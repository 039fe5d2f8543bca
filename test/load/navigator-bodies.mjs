// A day of access and application events of 60 tenants, as bodies for the JSON door; the same for everyone.
import { randomOf, numberBelow, pick } from '../fuzz/random.mjs'

const EVENTS_PER_BODY = 10_000
const DAY_MS = 86_400_000
const START_MS = Date.UTC(2025, 0, 11)
const PATHS = [
  '/',
  '/events',
  '/entries',
  '/studios/heats',
  '/people',
  '/scores/7',
  '/assets/app.js',
  '/cable',
]
const TEXTS = [
  'request completed',
  'connection refused by upstream',
  'cache miss',
  'duration over budget',
  'job finished',
]

/** @param {number} events @returns {Generator<Buffer>} in the order of their times */
export function* navigatorBodies(events) {
  const random = randomOf(7)
  for (let first = 0; first < events; first += EVENTS_PER_BODY) {
    let text = ''
    for (let n = first; n < Math.min(events, first + EVENTS_PER_BODY); n++)
      text += `${JSON.stringify(event(random, n, events))}\n`
    yield Buffer.from(text)
  }
}

/** @param {() => number} random @param {number} n @param {number} of */
function event(random, n, of) {
  const tenant = `tenant-${numberBelow(random, 60)}`
  const status = random() < 0.02 ? pick(random, [500, 502, 404]) : 200
  return {
    '@timestamp': new Date(START_MS + Math.floor((n / of) * DAY_MS)).toISOString(),
    source: pick(random, ['access', 'app', 'worker']),
    host: `machine-${numberBelow(random, 8)}`,
    tenant,
    level: status >= 500 ? 'error' : 'info',
    message: pick(random, TEXTS),
    request_id: `request-${n}`,
    method: pick(random, ['GET', 'GET', 'GET', 'POST']),
    uri: `${pick(random, PATHS)}?id=${numberBelow(random, 1e6)}`,
    status,
    duration_ms: Math.round(-Math.log(1 - random()) * 80),
    bytes: numberBelow(random, 50_000),
    remote_ip: `10.${numberBelow(random, 255)}.${numberBelow(random, 255)}.7`,
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  }
}
