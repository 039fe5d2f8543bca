// The answers that are no records: health, readiness, the root, numbers, status, upkeep.
import { describe, expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import type { Day } from '#logctl/record/time.js'
import type { PruneResult } from '#logctl/upkeep/prune.js'
import { METRICS } from '#logctl/server/metrics.js'
import { bearer, keyNamed, ndjson, post, runServer } from '../running-server.js'

async function get(url: string, path: string): Promise<[number, unknown]> {
  const answer = await fetch(`${url}${path}`)
  return [answer.status, await answer.json()]
}

describe('health', () => {
  test('ok has version, age, store, disk and checks', async () => {
    const { url } = await runServer()
    expect(await get(url, '/health')).toEqual([
      200,
      {
        status: 'ok',
        version: '1.2.3',
        uptime_s: 0,
        store: { kind: 'embedded', state: 'ok' },
        disk: { free_bytes: 750, total_bytes: 1000, free_pct: 75 },
        checks: [
          { name: 'store', status: 'ok' },
          { name: 'disk', status: 'ok' },
          { name: 'data', status: 'ok' },
        ],
      },
    ])
  })

  test('degraded is 200, down is 503, a store that throws is down', async () => {
    const { url, store } = await runServer()
    store.condition = { state: 'full' }
    expect(await get(url, '/health')).toMatchObject([200, { status: 'degraded' }])
    store.condition = { damaged: ['a.parquet'] }
    expect(await get(url, '/healthz')).toMatchObject([200, { status: 'degraded' }])
    store.condition = { state: 'failed', detail: 'EIO' }
    expect(await get(url, '/up')).toMatchObject([
      503,
      { status: 'down', checks: [{ detail: 'EIO' }, {}, {}] },
    ])
    store.status = () => Promise.reject(new Error('gone'))
    expect(await get(url, '/ping')).toMatchObject([503, { status: 'down', disk: null }])
  })

  test('ready says ready', async () => {
    const { url } = await runServer()
    expect(await (await fetch(`${url}/ready`)).text()).toBe('ready\n')
  })
})

describe('root', () => {
  test('a browser gets a page, an Elasticsearch client its banner', async () => {
    const { url } = await runServer()
    const page = await fetch(`${url}/`, { headers: { accept: 'text/html,*/*' } })
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('<h1>logctl</h1>')
    const banner = await fetch(`${url}/`)
    expect(banner.headers.get('x-elastic-product')).toBe('Elasticsearch')
    expect(await banner.json()).toMatchObject({
      tagline: 'You Know, for Search',
      version: { build_flavor: 'default' },
    })
    expect((await fetch(`${url}/`, { method: 'HEAD' })).status).toBe(200)
  })
})

describe('numbers', () => {
  test('summary', async () => {
    const { url } = await runServer()
    expect(await get(url, '/api/v1/summary')).toEqual([
      200,
      { today: 0, errors: 0, bytes: 0, lag_s: null, disk_free_pct: 75, alerts_firing: 0 },
    ])
    await post(url, '/', ndjson({ message: 'bad', level: 'error' }, { message: 'good' }))
    expect(await get(url, '/api/v1/summary')).toMatchObject([
      200,
      { today: 2, errors: 1, bytes: 7, lag_s: 0 },
    ])
  })

  test('stats of a day, 404 for a day without logs, 400 for no day', async () => {
    const { url } = await runServer()
    await post(url, '/', ndjson({ message: 'x', timestamp: '2025-01-11T05:00:00Z', host: 'h1' }))
    expect(await get(url, '/api/v1/stats?date=2025-01-11&by=host')).toMatchObject([
      200,
      { date: '2025-01-11', total: 1, by: { hour: { '05': 1 }, host: { h1: 1 } } },
    ])
    expect(await get(url, '/api/v1/stats?date=2025-01-12')).toMatchObject([
      404,
      { error: { code: 'NO_LOGS', message: 'no logs for 2025-01-12' } },
    ])
    expect(await get(url, '/api/v1/stats?date=yesterday')).toMatchObject([
      400,
      { error: { code: 'TIME_INVALID' } },
    ])
  })

  test('days, labels and sequence', async () => {
    const { url } = await runServer()
    await post(url, '/', ndjson({ message: 'x', timestamp: '2025-01-11T05:00:00Z', source: 'a' }))
    await post(url, '/', ndjson({ message: 'x', timestamp: '2025-01-12T05:00:00Z', source: 'b' }))
    expect(await get(url, '/api/v1/days')).toEqual([200, { days: ['2025-01-11', '2025-01-12'] }])
    expect(await get(url, '/api/v1/sequence')).toEqual([200, { sequence: 2 }])
    expect(await get(url, '/api/v1/labels?to=2025-01-12')).toMatchObject([200, { labels: { source: ['a'] } }])
    expect(await get(url, `/api/v1/labels?query=${encodeURIComponent('{source="b"}')}`)).toMatchObject([
      200,
      { labels: { source: ['b'] } },
    ])
    expect(await get(url, '/api/v1/labels?query={')).toMatchObject([
      400,
      { error: { code: 'QUERY_INVALID' } },
    ])
    expect(await get(url, '/api/v1/labels?from=whenever')).toMatchObject([
      400,
      { error: { code: 'TIME_INVALID' } },
    ])
  })

  test('status shows listeners, doors and memory', async () => {
    const { url } = await runServer()
    await post(url, '/', ndjson({ message: 'x' }))
    const [, status] = await get(url, '/api/v1/status')
    expect(status).toMatchObject({
      version: '1.2.3',
      pid: process.pid,
      listeners: [{ kind: 'control' }, { kind: 'http', url }],
      doors: expect.arrayContaining([
        { door: 'json', requests: 1, lines: 1, bytes: 16, refused: 0 },
        expect.objectContaining({ door: 'loki', requests: 0 }),
        { door: 'syslog', requests: 0, lines: 0, bytes: 0, refused: 0 },
      ]) as unknown,
      store: { state: 'ok', newest_sequence: 1 },
    })
  })

  test('metrics have the names of the table and no others', async () => {
    const { url, store } = await runServer()
    await post(url, '/', ndjson({ message: 'x' }))
    const answer = await fetch(`${url}/metrics`)
    expect(answer.headers.get('content-type')).toContain('version=0.0.4')
    const text = await answer.text()
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect(names.toSorted()).toEqual(Object.keys(METRICS).toSorted())
    expect(text).toContain('logctl_ingest_lines_total{door="json"} 1\n')
    expect(text).toContain('logctl_ack_seconds_count{door="json"} 1\n')
    expect(text).toContain('logctl_disk_free_bytes 750\n')
    expect(text).toContain('logctl_build_info{version="1.2.3"} 1\n')
    store.status = () => Promise.reject(new Error('gone'))
    expect((await fetch(`${url}/metrics`)).status).toBe(200)
  })
})

const jumped = () => Promise.reject(new LogctlError('CLOCK_JUMPED', 'the clock jumped'))

describe('upkeep', () => {
  test('prune passes the wish on and gives the days', async () => {
    const asked: unknown[] = []
    const result: PruneResult = {
      cutoff: '2025-01-12T00:00:00.000000000Z' as PruneResult['cutoff'],
      dropped: [{ day: '2025-01-11' as Day, records: 3, bytes: 100, why: 'age' }],
      bytes: 100,
      dry_run: true,
    }
    const prune = (request: unknown) => {
      asked.push(request)
      return Promise.resolve(result)
    }
    const { url } = await runServer({ options: { prune } })
    const answer = await post(url, '/api/v1/prune', '{"older_than_ms":1000,"dry_run":true}')
    expect(await answer.json()).toEqual(result)
    expect(asked).toEqual([{ olderThanMs: 1000, dryRun: true, force: false }])
    expect((await post(url, '/api/v1/prune', '')).status).toBe(200)
    expect((await post(url, '/api/v1/prune', '{"older":1}')).status).toBe(400)
    expect((await post(url, '/api/v1/prune', '{')).status).toBe(400)
  })

  test('prune’s own refusals come through; a bound key may not prune', async () => {
    const { url } = await runServer({
      options: { prune: jumped },
      keys: [keyNamed('all'), keyNamed('a', { tenant: 'acme' })],
    })
    expect((await post(url, '/api/v1/prune', '', bearer('all'))).status).toBe(409)
    expect((await post(url, '/api/v1/prune', '', bearer('a'))).status).toBe(403)
  })

  test('seal seals', async () => {
    const { url, store } = await runServer()
    expect((await post(url, '/api/v1/seal', '')).status).toBe(204)
    expect(store.sealed()).toBe(1)
  })
})
