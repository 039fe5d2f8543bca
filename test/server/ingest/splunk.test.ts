// The Splunk door over HTTP: its paths, its answer codes, what the address says, and partly good bodies.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { keyNamed, post, runServer } from '../running-server.js'

const EVENTS = '{"event":"one","host":"h","sourcetype":"access"}{"event":{"message":"two","code":7}}'
const OK = { text: 'Success', code: 0 }

describe('events', () => {
  test.each(['', '/1.0', '/event', '/event/1.0'])('/services/collector%s', async (end) => {
    const { url, store } = await runServer()
    const answer = await post(url, `/services/collector${end}?channel=1&index=main`, EVENTS)
    expect([answer.status, await answer.json()]).toEqual([200, OK])
    expect(store.records.map(({ line }) => line)).toEqual(['one', 'two'])
    expect(store.records[0]?.labels).toMatchObject({ host: 'h', sourcetype: 'access', index: 'main' })
    expect(store.records[1]?.fields).toEqual({ code: 7 })
  })

  test('lines, about which the address says it all', async () => {
    const { url, store } = await runServer()
    const path = '/services/collector/raw?host=web-1&source=nginx&sourcetype=access'
    const answer = await post(url, path, gzipSync('one\ntwo\n'), { 'content-encoding': 'gzip' })
    expect([answer.status, await answer.json()]).toEqual([200, OK])
    expect(store.records.map(({ line, labels }) => [line, labels['host'], labels['source']])).toEqual([
      ['one', 'web-1', 'nginx'],
      ['two', 'web-1', 'nginx'],
    ])
  })

  test('the good ones of a body are success, as senders would send them all again', async () => {
    const { url, store } = await runServer()
    const answer = await post(url, '/services/collector', `${EVENTS}{"time":1}`)
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { ...OK, rejected: 1, errors: [{ line: 3, reason: 'it has no "event"' }] },
    ])
    expect(store.records).toHaveLength(2)
  })

  test('several doors of one name count as one', async () => {
    const { url } = await runServer()
    await post(url, '/services/collector/raw', 'one\n')
    await post(url, '/services/collector', EVENTS)
    const { doors } = (await (await fetch(`${url}/api/v1/status`)).json()) as { doors: { door: string }[] }
    expect(doors.filter(({ door }) => door === 'splunk')).toMatchObject([{ requests: 2, lines: 3 }])
  })
})

describe("refusals with Splunk's codes", () => {
  test.each([
    ['', 5],
    ['{"time":1}', 12],
    ['{"event":""}', 13],
    ['no json', 6],
  ])('%s', async (body, code) => {
    const { url } = await runServer()
    const answer = await post(url, '/services/collector', body)
    expect([answer.status, await answer.json()]).toMatchObject([400, { code }])
  })

  test('tokens, and a store that is full', async () => {
    const { url, store } = await runServer({ keys: [keyNamed('k')] })
    const send = (authorization?: string) =>
      post(url, '/services/collector', EVENTS, authorization === undefined ? {} : { authorization })
    expect([(await send()).status, await (await send()).json()]).toMatchObject([401, { code: 2 }])
    expect(await (await send('Splunk wrong')).json()).toMatchObject({ code: 4 })
    expect((await send('Splunk k')).status).toBe(200)
    store.beforeAppend = () => Promise.reject(new LogctlError('DISK_FULL', 'full'))
    const full = await send('Splunk k')
    expect([full.status, await full.json()]).toMatchObject([503, { code: 9 }])
  })
})

test('what senders ask beside sending', async () => {
  const { url } = await runServer({ keys: [keyNamed('k')] })
  const health = await fetch(`${url}/services/collector/health/1.0`)
  expect([health.status, await health.json()]).toEqual([200, { text: 'HEC is healthy', code: 17 }])
  expect((await fetch(`${url}/services/collector/event/1.0`, { method: 'OPTIONS' })).status).toBe(200)
  const ack = await post(url, '/services/collector/ack?channel=1', '{"acks":[1]}')
  expect([ack.status, await ack.json()]).toEqual([400, { text: 'ACK is disabled', code: 14 }])
})
