// GET /api/v1/tail: server-sent events, their ids, and that coming back neither misses nor repeats.
import { describe, expect, test } from 'vitest'
import { eventually, ndjson, post, runServer, wire } from '../running-server.js'

interface Event {
  readonly id: string | undefined
  readonly line: string
}

/** Reads events until the wanted number came, or the answer ended. */
async function events(
  url: string,
  query: string,
  wanted: number,
  headers: Record<string, string> = {},
): Promise<Event[]> {
  const stop = new AbortController()
  const answer = await fetch(`${url}/api/v1/tail?${query}`, { headers, signal: stop.signal })
  expect(answer.status).toBe(200)
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (parse(text).length >= wanted) break
  }
  stop.abort()
  return parse(text)
}

function parse(text: string): Event[] {
  return text
    .split('\n\n')
    .slice(0, -1)
    .filter((block) => block.includes('data: {"timestamp"'))
    .map((block) => ({
      id: /^id: (.*)$/m.exec(block)?.[1],
      line: (JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '{}') as { line: string }).line,
    }))
}

const at = (second: number, message: string) => ({
  message,
  timestamp: `2025-01-11T00:00:${String(second).padStart(2, '0')}Z`,
})

test('the last lines oldest first with their sequences, then live', async () => {
  const { url } = await runServer()
  await post(url, '/', ndjson(at(1, 'a'), at(2, 'b'), at(3, 'c')))
  const reading = events(url, 'last=2', 3)
  await eventually(
    async () =>
      ((await (await fetch(`${url}/api/v1/status`)).json()) as { tails: number }).tails === 1 || undefined,
  )
  await post(url, '/', ndjson(at(0, 'late')))
  expect(await reading).toEqual([
    { id: '2', line: 'b' },
    { id: '3', line: 'c' },
    { id: '4', line: 'late' },
  ])
})

test('without following it ends, as an event stream', async () => {
  const { url } = await runServer()
  await post(url, '/', ndjson(at(1, 'a')))
  const answer = await fetch(`${url}/api/v1/tail?follow=false`)
  expect(answer.headers.get('content-type')).toBe('text/event-stream')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(parse(await answer.text())).toEqual([{ id: '1', line: 'a' }])
})

test('selector, level, source and grep all must hold', async () => {
  const { url } = await runServer()
  await post(
    url,
    '/',
    ndjson(
      { ...at(1, 'one timeout'), source: 'web', level: 'error', env: 'prod' },
      { ...at(2, 'two timeout'), source: 'db', level: 'error', env: 'prod' },
      { ...at(3, 'three'), source: 'web', level: 'error', env: 'prod' },
      { ...at(4, 'four timeout'), source: 'web', level: 'info', env: 'prod' },
      { ...at(5, 'five timeout'), source: 'web', level: 'error', env: 'test' },
    ),
  )
  const query = new URLSearchParams({
    query: '{env="prod"}',
    level: 'error',
    source: 'web',
    grep: 'time.ut',
    follow: 'false',
  })
  expect((await events(url, query.toString(), 9)).map(({ line }) => line)).toEqual(['one timeout'])
})

describe('resuming', () => {
  test('from any id that was given, nothing is missed or repeated', async () => {
    const { url } = await runServer({ pieceSize: 2 })
    await post(url, '/', ndjson(...[5, 1, 2, 9, 7, 8].map((second, n) => at(second, `r${n}`))))
    const all = await events(url, 'last=100&follow=false', 99)
    expect(all.map(({ line }) => line)).toEqual(['r1', 'r2', 'r0', 'r4', 'r5', 'r3'])
    for (const [cut, { id }] of all.entries()) {
      if (id === undefined) continue
      const seen = all.slice(0, cut + 1).map(({ line }) => line)
      const rest = await events(url, '', all.length - seen.length || 0, { 'last-event-id': id }).catch(
        () => [],
      )
      if (seen.length < all.length)
        expect([...seen, ...rest.map(({ line }) => line)].toSorted()).toEqual([
          'r0',
          'r1',
          'r2',
          'r3',
          'r4',
          'r5',
        ])
    }
    expect(all.filter(({ id }) => id !== undefined).map(({ line }) => line)).toEqual(['r0', 'r3'])
  })

  test('after= does the same, the header wins', async () => {
    const { url } = await runServer()
    await post(url, '/', ndjson(at(1, 'a'), at(2, 'b'), at(3, 'c')))
    expect((await events(url, 'after=1', 2)).map(({ line }) => line)).toEqual(['b', 'c'])
    expect((await events(url, 'after=0', 1, { 'last-event-id': '2' })).map(({ line }) => line)).toEqual(['c'])
  })
})

/** Reads until the event of this sequence came; gives the ids of all. */
async function idsUpTo(url: string, last: number, headers: Record<string, string>): Promise<number[]> {
  const stop = new AbortController()
  const answer = await fetch(`${url}/api/v1/tail`, { headers, signal: stop.signal })
  const ids: number[] = []
  let rest = ''
  for await (const chunk of answer.body ?? []) {
    const lines = `${rest}${Buffer.from(chunk as Uint8Array).toString('latin1')}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('id: ')) ids.push(Number(line.slice('id: '.length)))
    if ((ids.at(-1) ?? 0) >= last) break
  }
  stop.abort()
  return ids
}

test('a client that reads too slowly is told so, and comes back without gap or repeat', async () => {
  const { url } = await runServer()
  const [bodies, each] = [24, 8]
  const last = bodies * each
  const slow = wire(url)
  slow.send('GET /api/v1/tail?after=0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  await slow.until(/: tail/)
  slow.socket.pause()
  const quick = idsUpTo(url, last, { 'last-event-id': '0' })
  const line = at(1, 'x'.repeat(120_000))
  for (let body = 0; body < bodies; body += 1)
    await post(url, '/', ndjson(...Array.from({ length: each }, () => line)))
  const all = Array.from({ length: last }, (_, n) => n + 1)
  expect(await quick).toEqual(all)
  slow.socket.resume()
  await slow.closed
  expect(slow.received()).toContain('event: behind\ndata: {}\n\n')
  const ids = [...slow.received().matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  const seen = ids.at(-1) ?? 0
  expect(seen).toBeLessThan(last)
  expect([...ids, ...(await idsUpTo(url, last, { 'last-event-id': String(seen) }))]).toEqual(all)
})

test('bad parameters are 400', async () => {
  const { url } = await runServer()
  for (const query of [
    'last=-1',
    'last=many',
    'last=10001',
    'follow=perhaps',
    'after=x',
    'query={',
    'level=loud',
    'where=[{}]',
  ])
    expect([query, (await fetch(`${url}/api/v1/tail?${query}`)).status]).toEqual([query, 400])
  expect((await fetch(`${url}/api/v1/tail`, { headers: { 'last-event-id': 'zzz' } })).status).toBe(400)
  expect((await fetch(`${url}/api/v1/tail?grep=(`)).status).toBe(400)
})

test('more tails than max_tails is 429; one that ends makes room', async () => {
  const { url } = await runServer({ config: { query: { max_tails: 1 } } })
  const stop = new AbortController()
  const first = await fetch(`${url}/api/v1/tail`, { signal: stop.signal })
  expect(first.status).toBe(200)
  const second = await fetch(`${url}/api/v1/tail`)
  expect([second.status, second.headers.get('retry-after')]).toEqual([429, '5'])
  stop.abort()
  await eventually(async () => (await fetch(`${url}/api/v1/tail?follow=false`)).status === 200 || undefined)
})

test('a stopping server says bye and ends the stream', async () => {
  const { url, server } = await runServer()
  const answer = await fetch(`${url}/api/v1/tail`)
  const reading = answer.text()
  await server.close()
  expect(await reading).toContain('event: bye\ndata: {}\n\n')
})

test('HEAD does not hang', async () => {
  const { url } = await runServer()
  expect((await fetch(`${url}/api/v1/tail`, { method: 'HEAD' })).status).toBe(200)
})
