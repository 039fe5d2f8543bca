// Attacks by bodies: of wrong lengths, of huge chunks, of more bytes than they seem, of as many bytes as may be.
import { gzipSync } from 'node:zlib'
import { keepAtIt, newOutcome, note, open, pause } from './connections.mjs'

/** @typedef {import('./attacks.mjs').Attack} Attack */

const POST = 'POST /api/v1/logs HTTP/1.1\r\nHost: x\r\n'
const MIB = 2 ** 20

/** @param {number} count @param {number} scale */
const times = (count, scale) => Math.max(1, Math.round(count * scale))

/** Lengths that are not those of the body, and lengths that are none. @type {Attack} */
const wrongLengths = {
  name: 'wrong lengths',
  answers: [200, 400, 408, 413],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const lengths = [
      'Content-Length: 5',
      'Content-Length: 5000',
      'Content-Length: -1',
      'Content-Length: 1e3',
      'Content-Length: 7\r\nContent-Length: 8',
      'Content-Length: 7\r\nTransfer-Encoding: chunked',
      'Content-Length: 99999999999999999999',
      'Content-Length: 9007199254740993',
    ]
    await keepAtIt(times(40, scale), Date.now() + ms, async (index) => {
      const { socket, closed } = open(url, outcome)
      socket.write(`${POST}${lengths[index % lengths.length]}\r\n\r\n{"a":1}`)
      await Promise.race([closed, pause(ms)])
      socket.destroy()
    })
    return outcome
  },
}

/** Chunks that announce much, and bring much or little. @type {Attack} */
const hugeChunks = {
  name: 'huge chunks',
  answers: [400, 408, 413, 503],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const piece = Buffer.alloc(MIB, 'a')
    await keepAtIt(times(12, scale), Date.now() + ms, async (index) => {
      const { socket, closed } = open(url, outcome)
      const size = ['7fffffff', 'ffffffffffffffffff', `1;${'x'.repeat(50_000)}`, '40000000'][index % 4]
      socket.write(`${POST}Transfer-Encoding: chunked\r\n\r\n${size}\r\n`)
      const feed = () => {
        while (!socket.destroyed && socket.write(piece));
      }
      if (index % 2 === 0) feed()
      socket.on('drain', feed)
      await Promise.race([closed, pause(ms)])
      socket.destroy()
    })
    return outcome
  },
}

/** Small bodies that become large ones. @type {Attack} */
const bombs = {
  name: 'gzip bombs',
  answers: [200, 400, 413, 503],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const line = `{"source":"bomb","message":"${'a'.repeat(100_000)}"}\n`
    const bodies = [
      gzipSync(Buffer.alloc(400 * MIB)),
      gzipSync(Buffer.from(line.repeat(300))),
      gzipSync(Buffer.from(`${'['.repeat(MIB)}`)),
    ]
    await keepAtIt(times(12, scale), Date.now() + ms, async (index) => {
      const body = bodies[index % bodies.length] ?? Buffer.alloc(0)
      const answer = await fetch(new URL('/api/v1/logs', url), {
        method: 'POST',
        body,
        headers: { 'content-encoding': 'gzip' },
      }).catch(() => undefined)
      if (!answer) outcome.cut++
      else note(outcome, answer.status)
      await answer?.arrayBuffer()
      if (answer?.status === 503) await pause(1000)
    })
    return outcome
  },
}

/** Legal bodies of 90 MB, many at once. @type {Attack} */
const bigBodies = {
  name: 'big bodies',
  answers: [200, 413, 503],
  async run(url, ms, scale) {
    const outcome = newOutcome()
    const line = `{"source":"big","message":"${'b'.repeat(300)}","status":200,"path":"/a/b/c"}\n`
    const body = Buffer.from(line.repeat(Math.floor((90 * MIB) / line.length)))
    await keepAtIt(times(12, scale), Date.now() + ms, async () => {
      const answer = await fetch(new URL('/api/v1/logs', url), { method: 'POST', body }).catch(
        () => undefined,
      )
      if (!answer) outcome.cut++
      else note(outcome, answer.status)
      await answer?.arrayBuffer()
      if (answer?.status !== 200) await pause(1000)
    })
    return outcome
  },
}

export const bodyAttacks = [wrongLengths, hugeChunks, bombs, bigBodies]
