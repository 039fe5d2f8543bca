// Sealed lines that are JSON objects or only look like them, counted as LogQL's `json` parser would read them.
import { afterAll, expect, test } from 'vitest'
import type { AggregateRequest } from '#logctl/record/aggregate-request.js'
import type { LogRecord, Scalar } from '#logctl/record/record.js'
import type { Timestamp } from '#logctl/record/time.js'
import { openSealed } from '../../laws/embedded-states.js'
import type { OpenStore } from '../../laws/store.js'

const opened: OpenStore[] = []
afterAll(async () => {
  for (const { cleanup } of opened) await cleanup()
})

async function openMixedTypes(): Promise<OpenStore> {
  const one = await openSealed()
  opened.push(one)
  for (const n of [1, 'x']) {
    await one.store.append({ records: [recordOf('boom', { n }, 0)] })
    await one.store.seal()
  }
  return one
}

function recordOf(line: string, fields: LogRecord['fields'], i: number): LogRecord {
  const timestamp = `2025-01-11T09:00:00.00000000${i}Z` as Timestamp
  return { timestamp, tenant: 'none', labels: {}, level: 'info', line, fields }
}

/** A line and its fields. */
type Sent = readonly [line: string, fields: Readonly<Record<string, Scalar>>]

async function counted(some: readonly Sent[], asked: Partial<AggregateRequest> = {}): Promise<unknown> {
  const one = await openSealed()
  opened.push(one)
  const records = some.map(([line, fields], i) => recordOf(line, fields, i))
  await one.store.append({ records })
  const { series, unreadable } = await one.store.aggregate({
    measure: { kind: 'count' },
    where: [],
    group: { by: [] },
    lines: 'json',
    maxSeries: 10,
    ...asked,
  })
  return unreadable ? 'unreadable' : (series[0]?.points[0]?.[1] ?? 0)
}

const OBJECT: Sent = ['{"k":"x","n":1}', { k: 'x', n: 1 }]

test('objects count, stored as shapes or as texts, and other lines do not', async () => {
  const text: Sent = [' {"deep":{"k":[1]}}', { k: 'z' }]
  expect(await counted([OBJECT, text, ['GET /', {}], ['["k"]', { k: 'x' }], ['', {}], ['\t', {}]])).toBe(2)
})

test('what begins as an object and may be none is not told', async () => {
  expect(await counted([OBJECT, ['{"k":', {}]])).toBe('unreadable')
})

test('a shape that is no object is not told', async () => {
  const some = ['a', 'b'].map((k): Sent => [`{"k":"${k}" "l":"${k}"}`, { k, l: k }])
  expect(await counted(some)).toBe('unreadable')
})

test('a quote in a value may end the object', async () => {
  const [a, b, odd] = ['a', 'b', 'x" oops "'].map((k): Sent => [`{"k":"${k}"}`, { k }]) as [Sent, Sent, Sent]
  expect(await counted([a, b])).toBe(2)
  expect(await counted([a, odd])).toBe('unreadable')
})

test('a record that lacks what must have been sent makes an answer unreadable, if conditions let it through', async () => {
  const sent = { sent: ['n'] }
  const where = [{ kind: 'field', name: 'k', op: '=', value: 'x', missing: 'kept' }] as const
  expect(await counted([OBJECT, ['{"k":"y"}', { k: 'y' }]], sent)).toBe('unreadable')
  expect(await counted([OBJECT, ['{"k":"y"}', { k: 'y' }]], { ...sent, where })).toBe(1)
  expect(await counted([OBJECT, ['{"n":2}', { n: 2 }]], { ...sent, where })).toBe(2)
})

test('the number of which is calculated may be what a record lacks', async () => {
  const measure = { kind: 'sum', of: { name: 'n', reading: 'number', unreadable: 'kept' } } as const
  expect(await counted([OBJECT, OBJECT], { measure, sent: ['n'] })).toBe(2)
  expect(await counted([OBJECT, ['{"n":2}', {}]], { measure, sent: ['n'] })).toBe('unreadable')
  expect(await counted([OBJECT, ['{"k":"y"}', { k: 'y' }]], { measure, sent: ['k'] })).toBe(1)
})

test('a field of another type in each part', async () => {
  const one = await openMixedTypes()
  const { series } = await one.store.aggregate({
    measure: { kind: 'count' },
    where: [],
    group: { by: [] },
    sent: ['n'],
    maxSeries: 10,
  })
  expect(series[0]?.points).toEqual([[0, 2]])
})
