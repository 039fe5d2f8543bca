// What keeps Loki's API within bounds: keys and tenants, time, the queue, and answers that are not whole.
import { describe, expect, test } from 'vitest'
import type { MemoryStore } from '../../../laws/memory-store.js'
import { bearer, eventually, keyNamed, runServer } from '../../running-server.js'
import { DAY, answer, ask, at, push, refusal, search } from './loki-client.js'

const RANGE = '/loki/api/v1/query_range'
const WEB = { ...DAY, query: '{app="web"}' }
const line = (text: string) => [{ stream: { app: 'web' }, values: [[at(1), text]] as const }]

async function linesOf(got: Response): Promise<unknown[]> {
  const { data } = (await got.json()) as { data: { result: { values: unknown[] }[] } }
  return data.result.flatMap(({ values }) => values)
}

/** Scans of the store wait until released, or the query gives up. */
function holdScans(store: MemoryStore): { release: () => void; held: () => number } {
  const { scan } = store
  const waiting: (() => void)[] = []
  let open = false
  store.scan = async function* (request, options) {
    await new Promise<void>((resolve, reject) => {
      if (open) return resolve()
      waiting.push(resolve)
      options?.signal?.addEventListener('abort', () => reject(new Error('stopped')))
    })
    yield* scan(request, options)
  }
  return {
    held: () => waiting.length,
    release: () => {
      open = true
      for (const resolve of waiting) resolve()
    },
  }
}

describe('requests', () => {
  test('a form body says the same as the URL, and counts first', async () => {
    const { url } = await runServer()
    await push(url, line('x'))
    const body = search({ ...WEB, limit: 1 })
    const posted = await fetch(`${url}${RANGE}?limit=0`, { method: 'POST', body })
    expect(posted.status).toBe(200)
    expect(await posted.json()).toMatchObject({ data: { result: [{ values: [[at(1), 'x']] }] } })
  })

  test('a form body has a limit', async () => {
    const { url } = await runServer()
    const body = search({ query: 'x'.repeat(2 ** 20) })
    expect((await fetch(`${url}${RANGE}`, { method: 'POST', body })).status).toBe(413)
  })

  test('a name in the path may be percent-encoded, and must be whole', async () => {
    const { url } = await runServer()
    await push(url, line('x'))
    expect(await answer(url, '/loki/api/v1/label/%61pp/values', DAY)).toEqual({
      status: 'success',
      data: ['web'],
    })
    expect(await refusal(url, '/loki/api/v1/label/%ff/values', DAY)).toMatchObject([400, expect.any(String)])
    expect((await ask(url, '/loki/api/v1/label/a/b/values')).status).toBe(404)
  })

  test('a large answer is compressed for who takes gzip, and the same for who does not', async () => {
    const { url } = await runServer()
    const values = Array.from({ length: 4000 }, (_, i) => [at(i), `line ${i} ${'é'.repeat(i % 50)}`] as const)
    await push(url, [{ stream: { app: 'web' }, values }])
    const parameters = { ...WEB, limit: 5000, direction: 'forward' }
    const plain = await ask(url, RANGE, parameters, { 'accept-encoding': 'identity' })
    const packed = await ask(url, RANGE, parameters, { 'accept-encoding': 'br;q=1, gzip' })
    const refused = await ask(url, RANGE, parameters, { 'accept-encoding': 'gzip;q=0' })
    expect([plain, packed, refused].map(({ headers }) => headers.get('content-encoding'))).toEqual([
      null,
      'gzip',
      null,
    ])
    expect(await linesOf(plain)).toEqual(values)
    expect(await linesOf(packed)).toEqual(values)
  })
})

describe('tenants', () => {
  const keys = [
    keyNamed('acme-key', { tenant: 'acme' }),
    keyNamed('all'),
    keyNamed('in', { scopes: new Set(['ingest']) }),
  ]

  test('a bound key sees its tenant alone, through every answer', async () => {
    const { url } = await runServer({ keys })
    await push(url, line('theirs'), { ...bearer('all'), 'x-scope-orgid': 'beta' })
    await push(url, line('ours'), bearer('acme-key'))
    const key = bearer('acme-key')
    expect(await answer(url, RANGE, WEB, key)).toMatchObject({
      data: { result: [{ values: [[at(1), 'ours']] }] },
    })
    expect(await answer(url, '/loki/api/v1/index/stats', WEB, key)).toMatchObject({ entries: 1, bytes: 4 })
    expect(await refusal(url, RANGE, WEB, { ...key, 'x-scope-orgid': 'beta' })).toMatchObject([
      403,
      expect.any(String),
    ])
    expect(await refusal(url, RANGE, WEB, { ...key, 'x-scope-orgid': 'acme|beta' })).toMatchObject([
      403,
      expect.any(String),
    ])
    expect(await refusal(url, RANGE, WEB)).toMatchObject([401, 'this server wants a key'])
    expect(await refusal(url, RANGE, WEB, bearer('in'))).toMatchObject([403, expect.any(String)])
  })

  test('several tenants asked for by name are told apart, also by series', async () => {
    const { url } = await runServer({ keys })
    for (const tenant of ['acme', 'beta', 'gamma'])
      await push(url, line(tenant), { ...bearer('all'), 'x-scope-orgid': tenant })
    const both = { ...bearer('all'), 'x-scope-orgid': 'acme|beta' }
    expect(await answer(url, '/loki/api/v1/series', DAY, both)).toEqual({
      status: 'success',
      data: ['acme', 'beta'].map((tenant) => ({ __tenant_id__: tenant, app: 'web', service_name: 'web' })),
    })
    const query = 'sum by (__tenant_id__) (count_over_time({app="web", __tenant_id__!="acme"}[1d]))'
    expect(await answer(url, '/loki/api/v1/query', { query, time: at(86_400) }, both)).toMatchObject({
      data: { result: [{ metric: { __tenant_id__: 'beta' }, value: [1_736_640_000, '1'] }] },
    })
  })
})

describe('bounds', () => {
  test('more queries than may wait are refused at once, and what is told from counts is still answered', async () => {
    const { url, store } = await runServer({ options: { queryConcurrency: 1 } })
    await push(url, line('x'))
    const scans = holdScans(store)
    let settled = 0
    const all = Promise.all(
      Array.from({ length: 150 }, () => ask(url, RANGE, WEB).finally(() => (settled += 1))),
    )
    await eventually(() => (settled === 49 && scans.held() === 1 ? true : undefined))
    const [refused] = await Promise.all([refusal(url, RANGE, WEB), answer(url, '/loki/api/v1/labels', DAY)])
    expect(refused).toEqual([429, 'too many outstanding requests'])
    expect((await fetch(`${url}/health`)).status).toBe(200)
    await push(url, line('y'))
    scans.release()
    const statuses = (await all).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(101)
    expect(statuses.filter((status) => status === 429)).toHaveLength(49)
  })

  test('a query that takes too long is 504 in words of Loki, and leaves its place', async () => {
    const { url, store } = await runServer({
      config: { query: { timeout: '100ms' } },
      options: { queryConcurrency: 1 },
    })
    await push(url, line('x'))
    const scans = holdScans(store)
    const late = await Promise.all([refusal(url, RANGE, WEB), refusal(url, RANGE, WEB)])
    for (const [status, text] of late) {
      expect(status).toBe(504)
      expect(text).toContain('request timed out, decrease the duration of the request')
    }
    scans.release()
    expect((await ask(url, RANGE, WEB)).status).toBe(200)
  })

  test('query.max_rows is the most that can be asked for', async () => {
    const { url } = await runServer({ config: { query: { max_rows: 10 } } })
    expect(await refusal(url, RANGE, { ...WEB, limit: 11 })).toEqual([
      400,
      'max entries limit per query exceeded, limit > max_entries_limit_per_query (11 > 10)',
    ])
    expect(await answer(url, '/loki/api/v1/drilldown-limits')).toMatchObject({
      limits: { max_entries_limit_per_query: 10, query_timeout: '60s' },
      pattern_ingester_enabled: false,
    })
  })

  test('more series than Loki gives are an error in its words', async () => {
    const { url } = await runServer()
    const values = Array.from({ length: 501 }, (_, i) => [at(1), `n=${i}`] as const)
    await push(url, [{ stream: { app: 'web' }, values }])
    const query = 'sum by (n) (count_over_time({app="web"} | logfmt [1d]))'
    const [status, text] = await refusal(url, '/loki/api/v1/query', { query, time: at(86_400) })
    expect([status, text.slice(0, 71)]).toEqual([
      400,
      'maximum number of series (500) reached for a single query; consider red',
    ])
  })

  test('an answer that is not whole says so', async () => {
    const { url, store } = await runServer()
    await push(url, line('x'))
    const { scan } = store
    store.scan = (request, options) => {
      options?.warn?.('a part is damaged')
      return scan(request, options)
    }
    expect(await answer(url, RANGE, WEB)).toMatchObject({
      status: 'success',
      warnings: ['a part is damaged'],
    })
  })
})

describe('about', () => {
  test('the version is one that Grafana knows, the limits are an object', async () => {
    const { url } = await runServer()
    expect(await answer(url, '/loki/api/v1/status/buildinfo')).toMatchObject({
      version: expect.stringMatching(/^3\.\d+\.\d+$/),
      branch: 'logctl',
      revision: '1.2.3',
    })
    expect(await answer(url, '/config/tenant/v1/limits')).toMatchObject({ volume_enabled: true })
  })
})
