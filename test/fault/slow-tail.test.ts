// A reader of Loki's tail that stops reading: entries are dropped within bounds, and it is told which.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { once, send, tail } from '../server/api/loki/tail-client.js'
import { eventually, runServer } from '../server/running-server.js'

test('a client that does not read loses entries, bounded, and is told which; the server goes on', async () => {
  const { url } = await runServer()
  const one = tail(url)
  await once(one)
  one.socket.pause()
  const long = 'x'.repeat(200_000)
  for (let i = 0; i < 60; i += 1) await send(url, [`${i} ${long}`])
  await sleep(1500)
  for (let i = 60; i < 80; i += 1) await send(url, [`${i} ${long}`])
  await sleep(1500)
  one.socket.resume()
  await eventually(async () => {
    await send(url, ['after'])
    return one.frames.some(({ dropped_entries: dropped }) => (dropped?.length ?? 0) > 0) || undefined
  })
  const dropped = one.frames.flatMap((frame) => frame.dropped_entries ?? [])
  const seen = one.lines().filter((line) => line.length > 100)
  expect(seen.length + dropped.length).toBe(80)
  expect(dropped[0]).toMatchObject({ timestamp: expect.stringMatching(/^\d{19}$/), labels: { app: 'web' } })
})
