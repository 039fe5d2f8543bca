// Stands in for a machine without logs: an hour of a small shop, the same for everyone but for its time.
const LINES = [
  { source: 'web', message: 'GET /orders 200 12ms' },
  { source: 'web', message: 'GET /orders/17 200 9ms' },
  { source: 'web', message: 'POST /orders 201 48ms' },
  { source: 'worker', message: 'mail for order 17 sent' },
  { source: 'web', message: 'WARN slow answer: GET /reports 200 2310ms' },
  { source: 'worker', message: 'ERROR mail server refused: 451 try again later' },
  { source: 'db', message: 'checkpoint complete: wrote 212 buffers' },
]
const COUNT = 2000
const SPAN_MS = 3_600_000

/** The hour before `nowMs`. @param {number} nowMs @returns {import('./machine-logs.mjs').Event[]} */
export function sampleEvents(nowMs) {
  return Array.from({ length: COUNT }, (_, index) => {
    const line = LINES[(index * 31) % LINES.length] ?? { source: 'web', message: '' }
    const time = new Date(nowMs - SPAN_MS + (index * SPAN_MS) / COUNT).toISOString()
    return { time, host: 'shop-1', ...line }
  })
}
