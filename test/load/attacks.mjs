// The ways in which senders and readers can be hostile, or just broken; each lasts as long as it is told to.
import { bodyAttacks } from './body-attacks.mjs'
import { keepAtIt, newOutcome, open, pause } from './connections.mjs'

/**
 * `answers` are the statuses that may come back. `scale` multiplies how many connections take part.
 * @typedef {object} Attack
 * @property {string} name @property {readonly number[]} answers
 * @property {(url: URL, ms: number, scale: number) => Promise<import('./connections.mjs').Outcome>} run
 */

const POST = 'POST /api/v1/logs HTTP/1.1\r\nHost: x\r\n'
const MIB = 2 ** 20

/** @param {number} index */
const addressOf = (index) => `127.0.${1 + (index >> 7)}.${1 + (index & 0x7f)}`

/** @param {number} count @param {number} scale */
const times = (count, scale) => Math.max(1, Math.round(count * scale))

/** Connections that are opened and then left alone, from a few addresses. @type {Attack} */
const idle = {
  name: 'idle connections',
  answers: [503],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const all = []
    const count = times(10_000, scale)
    for (let index = 0; index < count; index++) {
      all.push(open(url, outcome, { from: addressOf(index % 16) }))
      if (index % 200 === 199) await pause(10)
    }
    await pause(ms)
    for (const { socket } of all) socket.destroy()
    return outcome
  },
}

/** Headers a byte at a time. @type {Attack} */
const slowHeaders = {
  name: 'slow headers',
  answers: [408],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const text = `${POST}X-A: ${'a'.repeat(1000)}`
    await keepAtIt(times(500, scale), Date.now() + ms, async (index) => {
      const { socket, closed } = open(url, outcome, { from: addressOf(index % 16) })
      let at = 0
      const timer = setInterval(() => void socket.write(text[at++ % text.length] ?? ''), 500)
      await Promise.race([closed, pause(ms)])
      clearInterval(timer)
      socket.destroy()
    })
    return outcome
  },
}

/** Bodies at a byte a second. @type {Attack} */
const slowBodies = {
  name: 'slow bodies',
  answers: [408],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    await keepAtIt(times(300, scale), Date.now() + ms, async (index) => {
      const { socket, closed } = open(url, outcome, { from: addressOf(index % 16) })
      socket.write(`${POST}Content-Length: 100000\r\n\r\n`)
      const timer = setInterval(() => void socket.write('x'), 1000)
      await Promise.race([closed, pause(ms)])
      clearInterval(timer)
      socket.destroy()
    })
    return outcome
  },
}

/** Headers of 1 MB. @type {Attack} */
const hugeHeaders = {
  name: 'headers of 1 MB',
  answers: [431, 400],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const head = Buffer.from(`${POST}X-A: ${'a'.repeat(MIB)}\r\n\r\n`)
    await keepAtIt(times(30, scale), Date.now() + ms, async () => {
      const { socket, closed } = open(url, outcome)
      socket.write(head)
      await closed
    })
    return outcome
  },
}

/** Senders that send as fast as they are answered. @type {Attack} */
const busySenders = {
  name: 'busy senders',
  answers: [200, 503],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const body = Array.from({ length: 50 }, (_, i) =>
      JSON.stringify({ source: 'busy', message: `request ${i} of a busy sender`, n: i }),
    ).join('\n')
    const request = `${POST}Content-Length: ${body.length}\r\n\r\n${body}`
    const untilMs = Date.now() + ms
    await keepAtIt(times(200, scale), untilMs, async () => {
      const { socket, closed } = open(url, outcome)
      socket.on('data', () => (Date.now() < untilMs ? socket.write(request) : socket.end()))
      socket.write(request)
      await closed
    })
    return outcome
  },
}

/** Readers of large answers who never read, again and again. @type {Attack} */
const deafReaders = {
  name: 'scans not read',
  answers: [],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const body = '{"direction":"backward"}'
    const request = `POST /api/v1/scan HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    await keepAtIt(times(50, scale), Date.now() + ms, async () => {
      const { socket, closed } = open(url, outcome, { reads: false })
      socket.write(request)
      await Promise.race([closed, pause(ms)])
      socket.destroy()
    })
    return outcome
  },
}

/** Tails that never read while 10,000 lines a second come in. @type {Attack} */
const deafTails = {
  name: 'tails not read',
  answers: [200, 503],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const untilMs = Date.now() + ms
    const tails = Array.from({ length: times(80, scale) }, () => {
      const tail = open(url, newOutcome(), { reads: false })
      tail.socket.write('GET /api/v1/tail HTTP/1.1\r\nHost: x\r\n\r\n')
      return tail
    })
    const lines = Array.from({ length: 500 }, (_, i) =>
      JSON.stringify({ source: 'flood', message: `line ${i} ${'x'.repeat(200)}` }),
    ).join('\n')
    const sender = open(url, outcome)
    const timer = setInterval(() => {
      if (Date.now() < untilMs) sender.socket.write(`${POST}Content-Length: ${lines.length}\r\n\r\n${lines}`)
    }, 50)
    await pause(ms + 200)
    clearInterval(timer)
    for (const { socket } of [...tails, sender]) socket.destroy()
    return outcome
  },
}

/** Connections reset in the middle of a request, or of its answer. @type {Attack} */
const resets = {
  name: 'resets',
  answers: [200, 400],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const pieces = [
      POST,
      `${POST}Content-Length: 5000\r\n\r\n{"a":1}`,
      `${POST}Content-Length: 2\r\n\r\n{}`,
      `GET /api/v1/tail HTTP/1.1\r\nHost: x\r\n\r\n`,
      `${POST}Transfer-Encoding: chunked\r\n\r\n40\r\n{`,
    ]
    await keepAtIt(times(50, scale), Date.now() + ms, async (index) => {
      const { socket, ready, closed } = open(url, outcome)
      await ready
      socket.write(pieces[index % pieces.length] ?? '')
      await pause(index % 4)
      socket.resetAndDestroy()
      await closed
    })
    return outcome
  },
}

/** Thousands of requests at once on each connection, answers read or not. @type {Attack} */
const pipelines = {
  name: 'pipelined floods',
  answers: [200, 404],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const quick = 'GET /ready HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3000)
    const slow = `${POST}Content-Length: 2\r\n\r\n{}`.repeat(3000)
    await keepAtIt(times(20, scale), Date.now() + ms, async (index) => {
      const { socket, closed } = open(url, outcome, { reads: index % 2 === 0 })
      socket.write(index % 3 === 0 ? slow : quick)
      await Promise.race([closed, pause(3000)])
      socket.destroy()
    })
    return outcome
  },
}

/** Connections that come and go as fast as they can. @type {Attack} */
const knocks = {
  name: 'connection flood',
  answers: [503],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    await keepAtIt(times(200, scale), Date.now() + ms, async (index) => {
      const { socket, ready, closed } = open(url, outcome, { from: addressOf(index % 16) })
      await ready
      socket.destroy()
      await closed
    })
    return outcome
  },
}

export const ATTACKS = [
  idle, slowHeaders, slowBodies, hugeHeaders, busySenders, deafReaders, deafTails, resets, pipelines, knocks,
  ...bodyAttacks,
] // prettier-ignore
