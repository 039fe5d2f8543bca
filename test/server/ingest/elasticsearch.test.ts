// The Elasticsearch door over HTTP: what its clients ask first, an answer for each item, refusals of whole requests.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { bearer, keyNamed, ndjson, post, runServer } from '../running-server.js'

const GOOD = ndjson(
  { create: { _index: 'logs' } },
  { message: 'one' },
  { index: { _id: '7' } },
  { msg: 'two' },
)

interface Answer {
  readonly errors: boolean
  readonly items: readonly Readonly<Record<string, Record<string, unknown>>>[]
}

describe('items', () => {
  test('each is created, under its own index or that of the path', async () => {
    const { url, store } = await runServer()
    const answer = await post(url, '/other/_bulk?refresh=true', GOOD, {
      'content-type': 'application/x-ndjson',
    })
    expect([answer.status, answer.headers.get('x-elastic-product')]).toEqual([200, 'Elasticsearch'])
    const { errors, items } = (await answer.json()) as Answer
    expect(errors).toBe(false)
    expect(items).toMatchObject([
      { create: { _index: 'logs', result: 'created', status: 201 } },
      { index: { _index: 'other', _id: '7', result: 'created', status: 201 } },
    ])
    expect(store.records.map(({ line, labels }) => [line, labels['index']])).toEqual([
      ['one', 'logs'],
      ['two', 'other'],
    ])
  })

  test('a bad one is refused alone; Vector finds the letters it looks for', async () => {
    const { url, store } = await runServer()
    const body = `${GOOD}{"index":{}}\n{broken\n{"delete":{"_index":"logs","_id":"1"}}\n`
    const text = await (await post(url, '/_bulk', body)).text()
    expect(text).toContain('"errors":true')
    const { items } = JSON.parse(text) as Answer
    expect(items.map((item) => Object.values(item)[0]?.['status'])).toEqual([201, 201, 400, 400])
    expect(items[2]).toMatchObject({ index: { error: { type: 'document_parsing_exception' } } })
    expect(items[3]).toMatchObject({ delete: { error: { type: 'illegal_argument_exception' } } })
    expect(store.records).toHaveLength(2)
  })

  test('gzip, and an index with letters of its own in the path', async () => {
    const { url, store } = await runServer()
    const body = gzipSync(ndjson({ index: {} }, { message: 'one' }))
    const headers = { 'content-encoding': 'gzip' }
    expect((await post(url, '/%C3%A4-logs/_bulk', body, headers)).status).toBe(200)
    expect(store.records[0]?.labels['index']).toBe('ä-logs')
  })
})

describe('whole requests', () => {
  test('a body without any action, or without anything, is 400', async () => {
    const { url } = await runServer()
    for (const body of ['', ndjson({ message: 'one' }), 'text\n']) {
      const answer = await post(url, '/_bulk', body)
      expect([answer.status, await answer.json()]).toMatchObject([400, { status: 400, error: {} }])
    }
  })

  test('keys, and a store that is behind, in words that the clients know', async () => {
    const { url, store } = await runServer({ keys: [keyNamed('k')] })
    const refused = await post(url, '/_bulk', GOOD)
    expect([refused.status, await refused.json()]).toMatchObject([
      401,
      { error: { type: 'security_exception' } },
    ])
    const apiKey = { authorization: `ApiKey ${Buffer.from('id:k').toString('base64')}` }
    expect((await post(url, '/_bulk', GOOD, apiKey)).status).toBe(200)
    store.beforeAppend = () => Promise.reject(new LogctlError('DISK_FULL', 'full'))
    const full = await post(url, '/_bulk', GOOD, bearer('k'))
    expect([full.status, full.headers.get('x-elastic-product')]).toEqual([503, 'Elasticsearch'])
    expect(full.headers.get('retry-after')).toBe('5')
    expect(await full.json()).toMatchObject({ status: 503, error: { type: 'unavailable_shards_exception' } })
  })

  test('too many are 429', async () => {
    const { url } = await runServer({ keys: [keyNamed('k', { limits: { rps: 0.01, burst: 1 } })] })
    expect((await post(url, '/_bulk', GOOD, bearer('k'))).status).toBe(200)
    const answer = await post(url, '/_bulk', GOOD, bearer('k'))
    expect([answer.status, await answer.json()]).toMatchObject([
      429,
      { error: { type: 'es_rejected_execution_exception' } },
    ])
  })
})

test('what clients ask first', async () => {
  const { url } = await runServer()
  expect(await (await fetch(url)).json()).toMatchObject({ version: { number: '8.9.0' } })
  expect((await fetch(url, { method: 'HEAD' })).headers.get('x-elastic-product')).toBe('Elasticsearch')
  expect(await (await fetch(`${url}/_cluster/health`)).json()).toMatchObject({ status: 'green' })
  expect(await (await fetch(`${url}/_license`)).json()).toMatchObject({ license: { status: 'active' } })
  for (const path of [
    '/_index_template/vector',
    '/_template/x',
    '/_ilm/policy/logs',
    '/_ingest/pipeline/p',
  ]) {
    expect((await fetch(`${url}${path}`, { method: 'HEAD' })).status).toBe(200)
    expect(await (await fetch(`${url}${path}`, { method: 'PUT', body: '{}' })).json()).toEqual({
      acknowledged: true,
    })
  }
})
