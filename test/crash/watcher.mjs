// A reader beside a store that is killed again and again: it follows and scans in a loop, and ends with an error
// at the first gap, repeat or loss. It takes the folder; a line on standard input ends it, and it says its count.
import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEmbeddedReader } from '#logctl/store/embedded/index.js'
import { placeOf } from './scenario.mjs'

const [, , folder = ''] = process.argv
const reader = await openEmbeddedReader(folder)
const ended = new AbortController()
process.stdin.once('data', () => {
  process.stdin.destroy()
  ended.abort()
})

/** By sequence: what the follower has seen. @type {Map<number, string>} */
const followed = new Map()
let scans = 0

async function follow() {
  let last = 0
  for await (const piece of reader.follow({ sequenceAbove: 0, where: [] }, { signal: ended.signal, warn })) {
    for (const { sequence, line } of piece) {
      if (sequence <= last) throw new Error(`followed ${sequence} after ${last}: ${line}`)
      last = sequence
      followed.set(sequence, line)
    }
  }
}

/** What was seen once, by a follower or a scan, must be seen by every later scan, and once. */
async function scan() {
  /** @type {Map<number, string>} */
  let before = new Map()
  while (!ended.signal.aborted) {
    const mustHave = new Map([...before, ...followed])
    /** @type {Map<number, string>} */
    const found = new Map()
    const places = new Set()
    for await (const piece of reader.scan({ direction: 'forward', where: [] }, { warn }))
      for (const { sequence, line } of piece) {
        if (found.has(sequence)) throw new Error(`sequence ${sequence} scanned twice`)
        found.set(sequence, line)
        const { number, line: place } = placeOf(line)
        if (places.has(`${number} ${place}`)) throw new Error(`scanned twice: ${line}`)
        places.add(`${number} ${place}`)
      }
    for (const [sequence, line] of mustHave)
      if (found.get(sequence) !== line) throw new Error(`scan ${scans} misses ${sequence}: ${line}`)
    before = found
    scans++
    await sleep(50)
  }
}

/** @param {string} message */
function warn(message) {
  throw new Error(`an answer was not whole: ${message}`)
}

await Promise.all([follow(), scan()])
await reader.close()
writeSync(1, JSON.stringify({ scans, followed: [...followed.keys()] }))
