// OTLP over HTTP: both forms, both paths, compression, and partial success as exporters read it.
import { gzipSync } from 'node:zlib'
import protobuf from 'protobufjs/minimal.js'
import { expect, test } from 'vitest'
import { post, runServer } from '../running-server.js'

const JSON_TYPE = { 'content-type': 'application/json' }
const PROTOBUF_TYPE = { 'content-type': 'application/x-protobuf' }

function request(...records: object[]): string {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
  return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: records }] }] })
}

function recordOf(body: string, aheadMs = 0): object {
  return { timeUnixNano: `${Date.now() + aheadMs}000000`, severityNumber: 13, body: { stringValue: body } }
}

/** One record whose body is the text. */
function protobufOf(text: string): Buffer {
  const writer = protobuf.Writer.create()
  writer.uint32(10).fork().uint32(18).fork().uint32(18).fork().uint32(42).fork().uint32(10).string(text)
  return Buffer.from(writer.ldelim().ldelim().ldelim().ldelim().finish())
}

test.each(['/v1/logs', '/otlp/v1/logs'])('JSON at %s', async (path) => {
  const { url, store } = await runServer()
  const headers = { ...JSON_TYPE, 'x-scope-orgid': 'acme' }
  const answer = await post(url, path, request(recordOf('hello')), headers)
  expect([answer.status, await answer.json()]).toEqual([200, {}])
  expect(store.records[0]).toMatchObject({
    line: 'hello',
    level: 'warn',
    tenant: 'acme',
    labels: { service_name: 'shop' },
  })
})

test('gzip, and an answer in the form that was sent', async () => {
  const { url, store } = await runServer()
  const headers = { ...PROTOBUF_TYPE, 'content-encoding': 'gzip' }
  const answer = await post(url, '/v1/logs', gzipSync(protobufOf('zipped')), headers)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-protobuf'])
  expect((await answer.arrayBuffer()).byteLength).toBe(0)
  expect(store.records.map(({ line }) => line)).toEqual(['zipped'])
})

test('what was refused is told beside success', async () => {
  const { url, store } = await runServer()
  const body = request(recordOf('good'), recordOf('from tomorrow', 86_400_000))
  const answer = await post(url, '/v1/logs', body, JSON_TYPE)
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({
    partialSuccess: {
      rejectedLogRecords: '1',
      errorMessage: 'log record 2: its time is more than 600 seconds ahead of the clock',
    },
  })
  expect(store.records.map(({ line }) => line)).toEqual(['good'])
})

test('an empty request is a success, and what is none a 400', async () => {
  const { url } = await runServer()
  expect((await post(url, '/v1/logs', '', PROTOBUF_TYPE)).status).toBe(200)
  expect((await post(url, '/v1/logs', '{', JSON_TYPE)).status).toBe(400)
  expect((await post(url, '/v1/logs', 'no protobuf', PROTOBUF_TYPE)).status).toBe(400)
})
