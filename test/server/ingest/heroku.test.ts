// Heroku's log drains over HTTP: which door takes them, who they are, and that a repeated frame is stored once.
import { describe, expect, test } from 'vitest'
import { Secret } from '#logctl/secret.js'
import { keyNamed, post, runServer, type Wanted } from '../running-server.js'

const DRAIN = 'd.6f5d9c1e-0000-4000-8000-000000000001'
const LOGPLEX = { 'content-type': 'application/logplex-1', 'user-agent': 'Logplex/v81' }

function frames(...lines: readonly string[]): string {
  return lines
    .map((line) => `<190>1 2025-01-11T09:30:00.5+00:00 host app web.1 - ${line}\n`)
    .map((frame) => `${Buffer.byteLength(frame)} ${frame}`)
    .join('')
}

/** A server that knows the drain, by its token as its key. */
function withDrain(more: Wanted = {}) {
  return runServer({
    keys: [keyNamed(DRAIN, { scopes: new Set(['ingest']), tenant: 'acme' }), keyNamed('basic-key')],
    config: { heroku: { drains: `${DRAIN}:shop:acme` } },
    ...more,
  })
}

describe('paths', () => {
  test.each(['/heroku/drain', '/events', '/'])('%s', async (path) => {
    const { url, store } = await runServer()
    const headers = {
      ...LOGPLEX,
      'logplex-msg-count': '2',
      'logplex-frame-id': '09C557EAFCFB6CF2740EE62F62971098',
    }
    const answer = await post(url, path, frames('one', 'two\n  more of two'), headers)
    expect([answer.status, await answer.json()]).toEqual([200, { accepted: 2, rejected: 0, errors: [] }])
    expect(store.records.map(({ line }) => line)).toEqual(['one', 'two\n  more of two'])
    expect(store.records[0]?.labels).toMatchObject({
      source: 'heroku',
      app: 'app',
      dyno: 'web.1',
      level: 'info',
    })
  })

  test('what is no drain goes on to the JSON door at the root', async () => {
    const { url, store } = await runServer()
    await post(url, '/', 'test log message')
    expect(store.records[0]?.labels).toEqual({ service_name: 'unknown_service' })
  })

  test('counts by its own name', async () => {
    const { url } = await runServer()
    await post(url, '/', frames('one').replace(/^\d+/, '7'), LOGPLEX)
    const text = await (await fetch(`${url}/metrics`)).text()
    expect(text).toContain('logctl_ingest_lines_total{door="heroku"} 1')
    expect(text).toContain('logctl_ingest_repaired_total{door="heroku",repair="frame_recovered"} 1')
  })
})

describe('who sends', () => {
  test('a drain that is known needs no other key, and speaks for its app and tenant', async () => {
    const { url, store } = await withDrain()
    const answer = await post(url, '/heroku/drain', frames('one'), {
      ...LOGPLEX,
      'logplex-drain-token': DRAIN,
    })
    expect(answer.status).toBe(200)
    expect(store.records[0]).toMatchObject({ tenant: 'acme', labels: { app: 'shop', service_name: 'shop' } })
  })

  test('a drain that is not known is refused', async () => {
    const { url, store } = await withDrain()
    const headers = { ...LOGPLEX, 'logplex-drain-token': 'd.unknown' }
    expect((await post(url, '/heroku/drain', frames('one'), headers)).status).toBe(401)
    expect(store.records).toEqual([])
  })

  test('a drain of a private space shows a key in its URL, and its app in the query', async () => {
    const { url, store } = await withDrain()
    const authorization = `Basic ${Buffer.from('logs:basic-key').toString('base64')}`
    const answer = await post(url, '/heroku/drain?app=blog', frames('one'), { ...LOGPLEX, authorization })
    expect(answer.status).toBe(200)
    expect(store.records[0]).toMatchObject({ tenant: 'none', labels: { app: 'blog' } })
  })

  test('a key of its own decides, and the drain still says app and tenant', async () => {
    const { url, store } = await withDrain()
    const headers = { ...LOGPLEX, authorization: 'Bearer basic-key', 'logplex-drain-token': DRAIN }
    await post(url, '/heroku/drain', frames('one'), headers)
    expect(store.records[0]).toMatchObject({ tenant: 'acme', labels: { app: 'shop' } })
  })

  test('a drain may not read', async () => {
    const { url } = await withDrain()
    const answer = await fetch(`${url}/api/v1/days`, { headers: { 'logplex-drain-token': DRAIN } })
    expect(answer.status).toBe(403)
  })
})

describe('frames that come again', () => {
  test('are stored once, by whatever path', async () => {
    const { url, store } = await runServer()
    const headers = { ...LOGPLEX, 'logplex-frame-id': 'A1', 'logplex-drain-token': DRAIN }
    for (const path of ['/heroku/drain', '/', '/events']) {
      const answer = await post(url, path, frames('one', 'two'), headers)
      expect([answer.status, await answer.json()]).toEqual([200, { accepted: 2, rejected: 0, errors: [] }])
    }
    expect(store.records).toHaveLength(2)
  })

  test('of another drain are others', async () => {
    const { url, store } = await runServer()
    for (const token of ['d.1', 'd.2'])
      await post(url, '/', frames('one'), {
        ...LOGPLEX,
        'logplex-frame-id': 'A1',
        'logplex-drain-token': token,
      })
    expect(store.records).toHaveLength(2)
  })
})

test('keys of a configuration are its own and those of its drains', async () => {
  const { keysOfConfig } = await import('#logctl/server/drain-keys.js')
  const token = new Secret(DRAIN)
  const keys = keysOfConfig({ keys: [], heroku: { drains: [{ token, app: 'shop' }] } })
  expect(keys).toEqual([
    { name: 'heroku shop', value: token, tenant: undefined, scopes: ['ingest'], limits: {} },
  ])
})
