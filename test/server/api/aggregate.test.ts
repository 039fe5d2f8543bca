// POST /api/v1/aggregate over HTTP and through the client: the answer, strictness, limits, tenants.
import { expect, onTestFinished, test } from 'vitest'
import { openServer } from '#logctl/client/open-server.js'
import type { AggregateRequest } from '#logctl/record/aggregate-request.js'
import type { Timestamp } from '#logctl/record/time.js'
import { ndjson, post, runServer } from '../running-server.js'

const COUNT = { where: [], measure: { kind: 'count' }, group: { by: [] }, maxSeries: 10 }

const EVENTS = ndjson(
  ...Array.from({ length: 6 }, (_, n) => ({
    message: `line ${n}`,
    source: n % 2 === 0 ? 'web' : 'api',
    took: n === 5 ? 'long' : n,
    timestamp: `2025-01-11T00:00:0${n}Z`,
  })),
)

test('the server answers as its store does', async () => {
  const { url, store } = await runServer()
  await post(url, '/', EVENTS)
  const client = openServer({ url })
  onTestFinished(() => client.close())
  const windows = {
    first: '2025-01-11T00:00:01.000000000Z' as Timestamp,
    stepNs: 2_000_000_000n,
    rangeNs: 3_000_000_000n,
    count: 3,
  }
  const took = { name: 'took', reading: 'number', unreadable: 'dropped' } as const
  const requests: AggregateRequest[] = [
    {
      where: [],
      measure: { kind: 'count' },
      group: { by: [{ view: 'stream', name: 'source' }] },
      maxSeries: 2,
    },
    { where: [], measure: { kind: 'avg', of: took }, group: { without: ['took'] }, windows, maxSeries: 9 },
    { where: [], measure: { kind: 'quantile', q: 2, of: took }, group: { by: [] }, maxSeries: 1 },
    {
      where: [],
      measure: { kind: 'sum', of: { ...took, unreadable: 'kept' } },
      group: { by: [] },
      maxSeries: 1,
    },
  ]
  for (const request of requests) {
    const answer = await client.aggregate(request)
    expect(answer).toEqual(await store.aggregate(request))
    expect(answer.unreadable || answer.series.length > 0).toBe(true)
  }
})

test.each([
  {},
  { ...COUNT, extra: 1 },
  { ...COUNT, measure: { kind: 'mode' } },
  { ...COUNT, measure: { kind: 'sum' } },
  { ...COUNT, group: {} },
  { ...COUNT, maxSeries: 0 },
  { ...COUNT, windows: { first: '2025-01-11T00:00:00Z', stepNs: '0', rangeNs: '1', count: 1 } },
  { ...COUNT, windows: { first: '2025-01-11T00:00:00Z', stepNs: 1, rangeNs: '1', count: 1 } },
  {
    ...COUNT,
    where: [{ kind: 'number', name: 'a', reading: 'miles', op: '>', value: 1, unreadable: 'kept' }],
  },
])('refuses %j', async (request) => {
  const { url } = await runServer()
  expect((await post(url, '/api/v1/aggregate', JSON.stringify(request))).status).toBe(400)
})

test('more series or rows than allowed are QUERY_LIMIT', async () => {
  const { url } = await runServer({ config: { query: { max_rows: 1 } } })
  await post(url, '/', EVENTS)
  const bySource = { ...COUNT, group: { by: [{ view: 'stream', name: 'source' }] } }
  for (const request of [{ ...bySource, maxSeries: 1 }, bySource]) {
    const answer = await post(url, '/api/v1/aggregate', JSON.stringify(request))
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'QUERY_LIMIT' } }])
  }
})

test('only the tenants of the header are counted', async () => {
  const { url } = await runServer()
  await post(url, '/', ndjson({ message: 'a', tenant: 'shop' }, { message: 'b', tenant: 'cafe' }))
  const answer = await fetch(`${url}/api/v1/aggregate`, {
    method: 'POST',
    headers: { 'x-scope-orgid': 'shop' },
    body: JSON.stringify(COUNT),
  })
  expect(await answer.json()).toMatchObject({ series: [{ labels: {}, points: [[0, 1]] }], warnings: [] })
})
