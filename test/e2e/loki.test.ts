// Loki's API of the built server over a real data folder: every case file is answered alike while the data is hot and
// after it is sealed, and a tail goes on over sealing and ends with the server.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Server, startServer } from '../house/program.js'
import { answerOf, caseNames, pushData, readCase } from '../server/api/loki/cases.js'
import { once, send, tail, until } from '../server/api/loki/tail-client.js'

let home: string
let server: Server

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'logctl-loki-'))
  // Nothing is sealed before the test says so.
  await writeFile(path.join(home, 'logctl.yml'), 'store: { segment_idle: 1h, segment_age: 1h }\n')
  server = await startServer(path.join(home, 'data'), home)
  await pushData(server.url)
})

afterAll(async () => {
  await server.stop()
  await rm(home, { recursive: true, force: true })
})

async function seal(): Promise<void> {
  expect((await fetch(`${server.url}/api/v1/seal`, { method: 'POST' })).status).toBe(204)
}

describe.each(['hot', 'sealed'])('%s', (state) => {
  beforeAll(async () => {
    if (state === 'sealed') await seal()
  })

  test.each(caseNames)('%s', async (file) => {
    const { status, answer, ...asked } = readCase(file)
    expect(await answerOf(server.url, { status, answer, ...asked })).toEqual({ status, answer })
  })
})

test('a tail shows each line once while segments are sealed under it, and ends with the server', async () => {
  await send(server.url, ['before'])
  const one = tail(server.url)
  await once(one)
  for (let i = 0; i < 5; i += 1) {
    await send(
      server.url,
      Array.from({ length: 200 }, (_, j) => `line ${i * 200 + j}`),
    )
    await seal()
  }
  await until(one, 1001)
  expect(one.lines()).toEqual(['before', ...Array.from({ length: 1000 }, (_, i) => `line ${i}`)])
  expect(await server.stop()).toBe(0)
  expect(await one.ended).toEqual([1001, 'the server is stopping'])
})
