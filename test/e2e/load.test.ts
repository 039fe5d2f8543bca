// A server under each of the attacks, small and short: good senders and a reader are served, nothing that was
// acknowledged is missing, no answer is of the wrong kind, and what was opened is closed. `scripts/load.mjs` is the
// same at full size.
import { expect, test } from 'vitest'
import { goodLinesStored, serve } from '../load/server.mjs'
import { underAttack, type Row } from '../load/under-attack.mjs'
import { tempFolder } from '../temp-folder.js'

const MIB = 2 ** 20
/** Of a server of 256 MiB in flight, with one body of 90 MiB as records. */
const MOST_BYTES = 2048 * MIB
/** Connections that good clients may have open at the moment. */
const FILES_SPARE = 16

test('served under attack, and whole afterwards', async () => {
  const server = await serve(tempFolder())
  const rows: Row[] = []
  const order = { url: server.url, pid: server.pid, ms: 1500, scale: 0.05 }
  const lines = await underAttack(order, (row) => rows.push(row))
  for (const { attack, served, unexpected, peakBytes, filesBefore, filesAfter } of rows) {
    expect([attack, unexpected]).toEqual([attack, []])
    expect(served.acksMs.length, attack).toBeGreaterThan(0)
    expect(peakBytes, attack).toBeLessThan(MOST_BYTES)
    expect(filesAfter, attack).toBeLessThanOrEqual(filesBefore + FILES_SPARE)
  }
  expect(await goodLinesStored(server.url)).toBe(lines)
  expect(await server.stop()).toBe(0)
})
