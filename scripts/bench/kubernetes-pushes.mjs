// The Kubernetes-like week as Promtail or Alloy push it to Loki's door: lines as they were written, by stream.
import { at, THREE_DIGITS } from './random.mjs'
import { entries } from './kubernetes-week.mjs'

/** About 1 MB of JSON. */
const ENTRIES_A_PUSH = 3000

/**
 * The week as buffers, each one push request's JSON body and a line feed.
 * @param {{ events: number, seed?: number }} wanted @returns {Generator<Buffer>}
 */
export function* kubernetesPushes({ events, seed = 1 }) {
  const next = entries({ events, seed })
  for (let first = 0; first < events; first += ENTRIES_A_PUSH) {
    /** @type {Map<import('./kubernetes-apps.mjs').Stream, string[]>} */
    const byStream = new Map()
    for (let index = first; index < Math.min(events, first + ENTRIES_A_PUSH); index++) {
      const { stream, timeMs, nanos, line } = next(index)
      const time = `${timeMs}${at(THREE_DIGITS, Math.floor(nanos / 1000))}${at(THREE_DIGITS, nanos % 1000)}`
      const values = byStream.get(stream)
      const value = `["${time}",${JSON.stringify(line)}${index % 4 === 0 ? `,{"trace_id":"${time}"}` : ''}]`
      if (values === undefined) byStream.set(stream, [value])
      else values.push(value)
    }
    const streams = [...byStream].map(
      ([{ labelText }, values]) => `{"stream":{${labelText}},"values":[${values.join()}]}`,
    )
    yield Buffer.from(`{"streams":[${streams.join()}]}\n`)
  }
}
