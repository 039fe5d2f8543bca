// Bare connections that send what no HTTP client would, and note how each ends.
import { connect } from 'node:net'

/**
 * What came back: answers by status, and how many connections were cut without one or refused at once.
 * @typedef {{ answers: Record<string, number>, cut: number, open: number }} Outcome
 */

/** @returns {Outcome} */
export function newOutcome() {
  return { answers: {}, cut: 0, open: 0 }
}

/** @param {Outcome} outcome @param {number | string} status */
export function note(outcome, status) {
  outcome.answers[status] = (outcome.answers[status] ?? 0) + 1
}

/** @param {number} ms @returns {Promise<void>} */
export function pause(ms) {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}

/**
 * Opens a connection; `closed` resolves when it is over, and its answers are in the outcome then.
 * @param {URL} url @param {Outcome} outcome @param {{ from?: string, reads?: boolean }} [how] `from`: the client's address
 */
export function open(url, outcome, { from = '127.0.0.1', reads = true } = {}) {
  const socket = connect({ port: Number(url.port), host: url.hostname, localAddress: from })
  outcome.open++
  let text = ''
  let answered = 0
  const count = () => {
    for (const [, status = ''] of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) {
      answered++
      note(outcome, status)
    }
    text = text.slice(text.lastIndexOf('\n') + 1).slice(-32)
  }
  if (reads) socket.on('data', (chunk) => ((text += chunk.toString('latin1')), count()))
  else socket.pause()
  socket.on('error', () => {})
  /** @type {Promise<void>} */
  const closed = new Promise((resolve) => {
    socket.once('close', () => {
      outcome.open--
      if (answered === 0) outcome.cut++
      resolve()
    })
  })
  /** Resolves when connected, or when that failed. @type {Promise<void>} */
  const ready = new Promise((resolve) => void socket.once('connect', resolve).once('close', resolve))
  return { socket, ready, closed }
}

/**
 * Runs so many at a time, each again and again until the time is over.
 * @param {number} width @param {number} untilMs @param {(index: number) => Promise<void>} work
 */
export async function keepAtIt(width, untilMs, work) {
  const one = async (/** @type {number} */ index) => {
    while (Date.now() < untilMs) {
      await work(index)
      await pause(1)
    }
  }
  await Promise.all(Array.from({ length: width }, (_, index) => one(index)))
}
