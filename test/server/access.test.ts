// Keys, scopes and tenants: who gets in, and that nobody sees another's logs.
import { describe, expect, test } from 'vitest'
import { bearer, keyNamed, ndjson, post, runServer } from './running-server.js'

const LINE = ndjson({ message: 'hello', tenant: 'said' })
const FORWARD = JSON.stringify({ direction: 'forward', where: [] })

async function linesOf(url: string, headers: Record<string, string>, body = FORWARD): Promise<string[]> {
  const answer = await post(url, '/api/v1/scan', body, headers)
  if (answer.status !== 200) return [`status ${answer.status}`]
  const lines = (await answer.text()).trimEnd().split('\n').slice(0, -1)
  return lines.map((line) => (JSON.parse(line) as { line: string }).line)
}

describe('keys', () => {
  test('no key is 401 with a challenge, a wrong one too; nothing is stored', async () => {
    const { url, store } = await runServer({ keys: [keyNamed('k')] })
    for (const headers of [{}, bearer('wrong')]) {
      const answer = await post(url, '/api/v1/logs', LINE, headers)
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
      expect(await answer.json()).toMatchObject({ error: { code: 'UNAUTHORIZED' } })
    }
    expect(store.records).toHaveLength(0)
    expect((await post(url, '/api/v1/logs', LINE, bearer('k'))).status).toBe(200)
    expect((await post(url, '/api/v1/logs', LINE, { 'x-api-key': 'k' })).status).toBe(200)
  })

  test('each scope opens its own routes', async () => {
    const scoped = (['ingest', 'read', 'admin'] as const).map((scope) =>
      keyNamed(scope, { scopes: new Set([scope]) }),
    )
    const { url } = await runServer({ keys: scoped })
    const statuses = async (key: string): Promise<number[]> => [
      (await post(url, '/api/v1/logs', LINE, bearer(key))).status,
      (await post(url, '/api/v1/scan', FORWARD, bearer(key))).status,
      (await post(url, '/api/v1/seal', '', bearer(key))).status,
    ]
    expect(await statuses('ingest')).toEqual([200, 403, 403])
    expect(await statuses('read')).toEqual([403, 200, 403])
    expect(await statuses('admin')).toEqual([403, 403, 204])
  })

  test('health, ready and the root need none', async () => {
    const { url } = await runServer({ keys: [keyNamed('k')] })
    for (const path of ['/health', '/healthz', '/up', '/ping', '/ready', '/readyz', '/'])
      expect((await fetch(`${url}${path}`)).status).toBe(200)
  })

  test('loopback needs none while there is none; auth off needs none ever', async () => {
    const keyless = await runServer()
    expect((await post(keyless.url, '/', LINE)).status).toBe(200)
    const open = await runServer({ keys: [keyNamed('k')], config: { server: { auth: 'off' } } })
    expect((await post(open.url, '/', LINE)).status).toBe(200)
  })

  test('networks of open_to need none; behind a trusted proxy the client’s own address counts', async () => {
    const { url } = await runServer({
      keys: [keyNamed('k')],
      config: {
        server: { open_to: ['10.0.0.0/8', 'fd00::/8'], trusted_proxies: ['127.0.0.0/8', '192.0.2.1'] },
      },
    })
    const from = async (headers: Record<string, string>): Promise<number> =>
      (await post(url, '/', LINE, headers)).status
    expect(await from({})).toBe(401)
    expect(await from({ 'x-forwarded-for': '10.1.2.3' })).toBe(200)
    expect(await from({ 'x-forwarded-for': 'fd00::1' })).toBe(200)
    expect(await from({ 'x-forwarded-for': '10.1.2.3, 203.0.113.9' })).toBe(401)
    expect(await from({ 'x-forwarded-for': '203.0.113.9, 10.1.2.3, 192.0.2.1' })).toBe(200)
    expect(await from({ 'x-forwarded-for': '10.1.2.3, nonsense' })).toBe(401)
    expect(await from({ 'cf-connecting-ip': '10.1.2.3' })).toBe(200)
    expect(await from({ 'cf-connecting-ip': '10.1.2.3', 'x-forwarded-for': '203.0.113.9' })).toBe(401)
  })

  test('without trusted proxies nobody can borrow an address', async () => {
    const { url } = await runServer({
      keys: [keyNamed('k')],
      config: { server: { open_to: ['10.0.0.0/8'] } },
    })
    expect((await post(url, '/', LINE, { 'x-forwarded-for': '10.1.2.3' })).status).toBe(401)
  })

  test('/metrics answers loopback, not what a proxy passes on, and the metrics listener', async () => {
    const { url, server } = await runServer({
      config: { server: { metrics_listen: ['127.0.0.1:0'] } },
      keys: [keyNamed('k')],
    })
    expect((await fetch(`${url}/metrics`)).status).toBe(200)
    expect((await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(
      403,
    )
    const [metricsUrl = ''] = server.metricsUrls
    expect(
      (await fetch(`${metricsUrl}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status,
    ).toBe(200)
    expect((await post(metricsUrl, '/api/v1/logs', LINE, bearer('k'))).status).toBe(404)
  })
})

describe('tenants', () => {
  const keys = [keyNamed('a', { tenant: 'acme' }), keyNamed('b', { tenant: 'beta' }), keyNamed('all')]

  test('two bound keys cannot see or write each other’s logs', async () => {
    const { url, store } = await runServer({ keys })
    await post(url, '/', ndjson({ message: 'from a', tenant: 'beta' }), bearer('a'))
    await post(url, '/', ndjson({ message: 'from b' }), bearer('b'))
    expect(store.records.map(({ tenant }) => tenant)).toEqual(['acme', 'beta'])
    expect(await linesOf(url, bearer('a'))).toEqual(['from a'])
    expect(await linesOf(url, bearer('b'))).toEqual(['from b'])
    expect(await linesOf(url, bearer('all'))).toEqual(['from a', 'from b'])

    const other = { ...bearer('a'), 'x-scope-orgid': 'beta' }
    expect((await post(url, '/', LINE, other)).status).toBe(403)
    expect(await linesOf(url, other)).toEqual(['status 403'])
    expect(await linesOf(url, { ...bearer('a'), 'x-scope-orgid': 'acme|beta' })).toEqual(['status 403'])
    const asked = JSON.stringify({ direction: 'forward', where: [], tenants: ['beta'] })
    expect(await linesOf(url, bearer('a'), asked)).toEqual(['status 403'])
    for (const path of [
      '/api/v1/stats',
      '/api/v1/labels',
      '/api/v1/days',
      '/api/v1/summary',
      '/api/v1/tail?follow=false',
    ])
      expect([path, (await fetch(`${url}${path}`, { headers: other })).status]).toEqual([path, 403])
  })

  test('every answer of a bound key is about its tenant alone', async () => {
    const { url } = await runServer({ keys })
    await post(
      url,
      '/',
      ndjson({ message: '1', source: 'x' }, { message: '2', timestamp: '2025-01-11T00:00:00Z' }),
      bearer('b'),
    )
    await post(url, '/', ndjson({ message: '3', source: 'mine' }), bearer('a'))
    const get = async (path: string): Promise<unknown> =>
      (await fetch(`${url}${path}`, { headers: bearer('a') })).json()
    expect(await get('/api/v1/summary')).toMatchObject({ today: 1 })
    expect(await get('/api/v1/stats')).toMatchObject({ total: 1, by: { tenant: { acme: 1 } } })
    expect(await get('/api/v1/days')).toEqual({ days: [new Date().toISOString().slice(0, 10)] })
    expect(await get('/api/v1/labels')).toMatchObject({ labels: { source: ['mine'] } })
    const tail = await (await fetch(`${url}/api/v1/tail?follow=false`, { headers: bearer('a') })).text()
    expect(tail.match(/^data: /gm)).toHaveLength(1)
  })

  test('the header names the tenant to write, wins over the event, and may not name two', async () => {
    const { url, store } = await runServer()
    const send = async (tenant: string): Promise<number> =>
      (await post(url, '/', LINE, { 'x-scope-orgid': tenant })).status
    expect(await send('acme')).toBe(200)
    await post(url, '/', LINE)
    expect(store.records.map(({ tenant }) => tenant)).toEqual(['acme', 'said'])
    expect(await send('a|b')).toBe(400)
    expect(await send('x'.repeat(257))).toBe(400)
    expect(await send(Buffer.from('münchen').toString('latin1'))).toBe(200)
    expect(store.records.at(-1)?.tenant).toBe('münchen')
  })

  test('a|b reads both', async () => {
    const { url } = await runServer()
    for (const tenant of ['a', 'b', 'c']) await post(url, '/', ndjson({ message: tenant, tenant }))
    expect(await linesOf(url, { 'x-scope-orgid': 'a|b' })).toEqual(['a', 'b'])
    expect(await linesOf(url, { 'x-scope-orgid': '|' })).toEqual(['status 400'])
  })
})
