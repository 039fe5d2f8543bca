// The sending process of the bench: posts a file's lines over several connections, and prints what it saw as JSON.
// It runs apart from the server so that neither pays for the other; a refused body is sent again.
import { createReadStream } from 'node:fs'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { quantile } from './timing.mjs'

/**
 * @typedef {object} Sent
 * @property {number} bytes @property {number} bodies @property {number} refused Bodies that had to be sent again.
 * @property {number} wallMs @property {number} ackP50Ms @property {number} ackP99Ms
 */

const RETRY_MS = 50
const LF = 0x0a

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    file: { type: 'string', default: '' },
    connections: { type: 'string', default: '6' },
    'body-bytes': { type: 'string', default: '1000000' },
    'body-per-line': { type: 'boolean', default: false },
    'most-bytes': { type: 'string', default: 'Infinity' },
    'bodies-per-second': { type: 'string', default: 'Infinity' },
  },
})
const connections = Number(values.connections)
const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
const took = /** @type {number[]} */ ([])
const sent = { bytes: 0, bodies: 0, refused: 0 }

const started = performance.now()
const bodies = paced(bodiesOf(values.file), Number(values['bodies-per-second']))
await Promise.all(Array.from({ length: connections }, sendAll))
const wallMs = performance.now() - started
agent.destroy()
/** @type {Sent} */
const result = { ...sent, wallMs, ackP50Ms: quantile(took, 0.5), ackP99Ms: quantile(took, 0.99) }
process.stdout.write(`${JSON.stringify(result)}\n`)

async function sendAll() {
  for (;;) {
    const { value: body, done } = await bodies.next()
    if (done || body === undefined) return
    const start = performance.now()
    while (!(await post(body))) {
      sent.refused += 1
      await sleep(RETRY_MS)
    }
    took.push(performance.now() - start)
    sent.bytes += body.length
    sent.bodies += 1
  }
}

/** Whether it was stored; what cannot be stored later either throws. @param {Buffer} body @returns {Promise<boolean>} */
function post(body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const request = http.request(values.url, { method: 'POST', agent, headers }, (response) => {
      response.setEncoding('utf8')
      let answer = ''
      response.on('data', (text) => (answer += text))
      response.on('error', reject)
      response.on('end', () => {
        const status = response.statusCode ?? 0
        if (status === 200 && !answer.includes('"rejected":0'))
          reject(new Error(`events were rejected: ${answer}`))
        else if (status < 300) resolve(true)
        else if (status === 429 || status === 503) resolve(false)
        else reject(new Error(`the server answered ${status}: ${answer}`))
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Bodies of whole lines, up to a number of bytes. @param {string} file @returns {AsyncGenerator<Buffer>} */
async function* bodiesOf(file) {
  let [rest, left] = [Buffer.alloc(0), Number(values['most-bytes'])]
  for await (const piece of createReadStream(file, { highWaterMark: Number(values['body-bytes']) })) {
    const text = Buffer.concat([rest, piece])
    let start = 0
    for (let end = cut(text, start); end > start; end = cut(text, start)) {
      if ((left -= end - start) < 0) return
      yield text.subarray(start, end)
      start = end
    }
    rest = text.subarray(start)
  }
}

/** Where the body from `start` on ends. @param {Buffer} text @param {number} start */
function cut(text, start) {
  return (values['body-per-line'] ? text.indexOf(LF, start) : text.lastIndexOf(LF)) + 1
}

/** At most so many a second, evenly. @param {AsyncGenerator<Buffer>} bodies @param {number} perSecond */
async function* paced(bodies, perSecond) {
  let at = 0
  for await (const body of bodies) {
    const dueMs = started + (at++ / perSecond) * 1000
    if (dueMs > performance.now()) await sleep(dueMs - performance.now())
    yield body
  }
}
