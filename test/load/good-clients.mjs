// The clients that must be served whatever others do: senders on connections that they keep and on new ones, and a
// reader. A refusal is sent again, as every sender does; what was acknowledged is counted.
import { Agent, request } from 'node:http'
import { pause } from './connections.mjs'

const LINES = 20
const PAUSE_MS = 50

/** @typedef {{ acksMs: number[], readsMs: number[], refused: number, failed: number, lines: number }} Served */

/** @returns {Served} */
export function newServed() {
  return { acksMs: [], readsMs: [], refused: 0, failed: 0, lines: 0 }
}

/** @param {string} url */
export function goodClients(url) {
  const keeping = new Agent({ keepAlive: true })
  const fresh = new Agent({ keepAlive: false })
  let served = newServed()
  let sent = 0
  let over = false
  const send = async (/** @type {Agent} */ agent) => {
    const first = sent
    sent += LINES
    const body = Array.from({ length: LINES }, (_, i) =>
      JSON.stringify({ source: 'good', message: `good ${first + i}` }),
    ).join('\n')
    const startedMs = performance.now()
    const key = `good-${first}`
    // The key makes sure that a batch whose answer was lost is stored once.
    while (!(await ask('POST', '/api/v1/logs', agent, { body, key }))) await pause(100)
    served.acksMs.push(performance.now() - startedMs)
    served.lines += LINES
  }
  /** @param {string} method @param {string} path @param {Agent} agent @param {{ body?: string, key?: string }} [what] @returns {Promise<boolean>} */
  const ask = (method, path, agent, { body = '', key = '' } = {}) =>
    new Promise((resolve) => {
      const headers = key === '' ? {} : { 'idempotency-key': key }
      const asked = request(`${url}${path}`, { method, agent, headers }, (answer) => {
        answer.resume().once('close', () => {
          const isGood = answer.statusCode === 200 && answer.complete
          if (!isGood) served.refused++
          resolve(isGood)
        })
      })
      asked.once('error', () => {
        served.failed++
        resolve(false)
      })
      asked.end(body)
    })
  const sender = async (/** @type {Agent} */ agent) => {
    while (!over) {
      await send(agent)
      await pause(PAUSE_MS)
    }
  }
  const reader = async () => {
    while (!over) {
      const startedMs = performance.now()
      if (await ask('GET', '/api/v1/stats', fresh)) served.readsMs.push(performance.now() - startedMs)
      await pause(PAUSE_MS * 4)
    }
  }
  const all = Promise.all([sender(keeping), sender(keeping), sender(keeping), sender(fresh), reader()])
  return {
    /** What was served since the last call. */
    take() {
      const taken = served
      served = newServed()
      return taken
    },
    async stop() {
      over = true
      await all
      keeping.destroy()
      fresh.destroy()
    },
  }
}
