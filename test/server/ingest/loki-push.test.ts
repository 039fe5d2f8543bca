// Loki's push API over HTTP: statuses and texts that its clients depend on.
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { keyNamed, post, runServer } from '../running-server.js'

const JSON_TYPE = { 'content-type': 'application/json' }

function push(
  lines: readonly string[],
  stamp = `${Date.now()}000000`,
  stream: object = { job: 'web' },
): string {
  return JSON.stringify({ streams: [{ stream, values: lines.map((line) => [stamp, line]) }] })
}

test('204 with an empty body; labels kept, the tenant from the header', async () => {
  const { url, store } = await runServer()
  const headers = { ...JSON_TYPE, 'x-scope-orgid': 'acme' }
  const answer = await post(url, '/loki/api/v1/push', push(['hello']), headers)
  expect([answer.status, await answer.text()]).toEqual([204, ''])
  expect(store.records).toHaveLength(1)
  expect(store.records[0]).toMatchObject({
    line: 'hello',
    tenant: 'acme',
    labels: { job: 'web', service_name: 'web' },
  })
})

test('gzip is taken', async () => {
  const { url, store } = await runServer()
  const answer = await post(url, '/loki/api/v1/push', gzipSync(push(['a'])), {
    ...JSON_TYPE,
    'content-encoding': 'gzip',
  })
  expect([answer.status, store.records.length]).toEqual([204, 1])
})

test('the good are stored and the bad told on the first line of a 400', async () => {
  const { url, store } = await runServer()
  const body = JSON.stringify({
    streams: [
      {
        stream: { job: 'web' },
        values: [
          [`${Date.now()}000000`, 'good'],
          [`${Date.now() + 86_400_000}000000`, 'from tomorrow'],
        ],
      },
    ],
  })
  const answer = await post(url, '/loki/api/v1/push', body, JSON_TYPE)
  expect(answer.status).toBe(400)
  expect(answer.headers.get('content-type')).toContain('text/plain')
  const [first = ''] = (await answer.text()).split('\n')
  expect(first).toContain('timestamp too new')
  expect(first).toContain("user 'none', total ignored: 1 out of 2")
  expect(store.records.map(({ line }) => line)).toEqual(['good'])
})

test('no stream at all is 422 in Loki’s words, an empty stream is 204', async () => {
  const { url } = await runServer()
  const none = await post(url, '/loki/api/v1/push', '{"streams":[]}', JSON_TYPE)
  expect([none.status, await none.text()]).toEqual([
    422,
    'error at least one valid stream is required for ingestion\n',
  ])
  expect((await post(url, '/loki/api/v1/push', push([]), JSON_TYPE)).status).toBe(204)
})

test('what is no push is a 400 of text', async () => {
  const { url } = await runServer()
  for (const [body, headers] of [
    ['{', JSON_TYPE],
    ['not snappy', {}],
  ] as const) {
    const answer = await post(url, '/loki/api/v1/push', body, headers)
    expect(answer.status).toBe(400)
    expect((await answer.text()).startsWith('{')).toBe(false)
  }
})

test('401 and 403 are text too', async () => {
  const { url } = await runServer({ keys: [keyNamed('reader', { scopes: new Set(['read'] as const) })] })
  const anonymous = await post(url, '/loki/api/v1/push', push(['a']), JSON_TYPE)
  expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  expect((await anonymous.text()).split('\n')[0]).toBe('this server wants a key')
  const reader = await post(url, '/loki/api/v1/push', push(['a']), {
    ...JSON_TYPE,
    authorization: 'Bearer reader',
  })
  expect(reader.status).toBe(403)
})
