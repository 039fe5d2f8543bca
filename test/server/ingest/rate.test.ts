// What a sender may send in a second: requests, bytes and events, of its key and of each stream.
import { expect, test } from 'vitest'
import { bearer, keyNamed, ndjson, post, runServer } from '../running-server.js'

const GOOD = ndjson({ message: 'one', source: 'web' }, { message: 'two' })

test('each key has its own rate; 429 says when to come back', async () => {
  let nowMs = Date.now()
  const { url } = await runServer({
    keys: [keyNamed('slow', { limits: { rps: 0.5, burst: 2 } }), keyNamed('usual')],
    options: { clock: () => nowMs },
  })
  const send = (key: string) => post(url, '/', GOOD, bearer(key))
  expect([(await send('slow')).status, (await send('slow')).status]).toEqual([200, 200])
  const refused = await send('slow')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2'])
  expect((await send('usual')).status).toBe(200)
  expect((await fetch(`${url}/api/v1/days`, { headers: bearer('slow') })).status).toBe(200)
  nowMs += 2000
  expect((await send('slow')).status).toBe(200)
})

test('keyless senders of this machine are not limited', async () => {
  const { url } = await runServer({ config: { ratelimit: { default_rps: 1, burst: 1 } } })
  for (let n = 0; n < 5; n += 1) expect((await post(url, '/', GOOD)).status).toBe(200)
})

test('bytes and events a second', async () => {
  const { url } = await runServer({
    keys: [keyNamed('k')],
    config: { ratelimit: { events_per_second: 3 } },
    options: { clock: () => 1_700_000_000_000 },
  })
  expect((await post(url, '/', GOOD, bearer('k'))).status).toBe(200)
  expect((await post(url, '/', GOOD, bearer('k'))).status).toBe(429)
})

test('a key has its own bytes and events a second', async () => {
  const { url } = await runServer({
    keys: [keyNamed('k', { limits: { events_per_second: 3 } }), keyNamed('usual')],
    options: { clock: () => 1_700_000_000_000 },
  })
  const twice = async (key: string) => [
    (await post(url, '/', GOOD, bearer(key))).status,
    (await post(url, '/', GOOD, bearer(key))).status,
  ]
  expect(await twice('k')).toEqual([200, 429])
  expect(await twice('usual')).toEqual([200, 200])
})

test('a stream that grows too fast holds its request back whole', async () => {
  let nowMs = 1_700_000_000_000
  const { url, store } = await runServer({
    keys: [keyNamed('k')],
    config: { ratelimit: { stream_events_per_second: 2 } },
    options: { clock: () => nowMs },
  })
  const send = (...apps: string[]) =>
    post(url, '/', ndjson(...apps.map((app) => ({ app, message: 'x' }))), bearer('k'))
  expect((await send('a', 'a', 'b')).status).toBe(200)
  const refused = await send('b', 'a')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  expect(await refused.text()).toContain('more than 2 events of one stream a second')
  expect((await send('b')).status).toBe(200)
  nowMs += 1000
  expect((await send('b', 'a')).status).toBe(200)
  expect(store.records).toHaveLength(6)
})
