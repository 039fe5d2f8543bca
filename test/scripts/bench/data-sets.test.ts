// The data sets of the bench are the same bytes on every machine and Node, so that figures may be compared.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { DATA_SETS, dataSet } from '../../../scripts/bench/data-sets.mjs'

const HASHES: Readonly<Record<string, string>> = {
  navigator: '0daec1822ae094e2ed152c3a5ce2ffa4c90dae6274d592ebef8de661c6cfe714',
  kubernetes: '24f18f787c0fb99d387be025ef0762b01c33fe9bbb012ffe0c7362f6617b4c45',
  'kubernetes-loki': 'f9587f50a0e17fd19b0a9b7eaddbc7442599a5a4476c108514cf8f64c84eea39',
}

function made(name: string, events: number, seed = 1): Buffer {
  return Buffer.concat([...dataSet(name).make({ events, seed })])
}

function lines(name: string, events: number): string[] {
  return made(name, events).toString().trimEnd().split('\n')
}

function having(found: readonly string[], text: string): number {
  return found.filter((line) => line.includes(text)).length
}

test.each(Object.keys(DATA_SETS))('%s: 1,000 events of seed 1 never change', (name) => {
  expect(createHash('sha256').update(made(name, 1000)).digest('hex')).toBe(HASHES[name])
  expect(made(name, 1000, 2).equals(made(name, 1000))).toBe(false)
})

describe.each(['navigator', 'kubernetes'])('%s', (name) => {
  const found = lines(name, 4000)

  test('has as many events as were asked for, each of one line of JSON', () => {
    expect(found).toHaveLength(4000)
    for (const line of found) expect(JSON.parse(line)).toBeTypeOf('object')
  })

  test('has the rare word where it says, the phrase often, the absent word never', () => {
    const { rare, phrase, absent } = dataSet(name)
    expect(having(found, rare.word)).toBe(rare.events)
    expect(having(found, phrase)).toBeGreaterThan(200)
    expect(having(found, absent)).toBe(0)
  })
})

test('the day lies within its day and has the shape that it promises', () => {
  const events = lines('navigator', 4000).map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const event of events) {
    expect(Object.keys(event)).toHaveLength(15)
    expect(String(event['@timestamp'])).toMatch(/^2025-01-11T/)
  }
  expect(new Set(events.map((event) => event['tenant'])).size).toBe(60)
  const bytes = made('navigator', 4000).length / 4000
  expect(bytes).toBeGreaterThan(335)
  expect(bytes).toBeLessThan(355)
})

test('the week spreads over streams, fields and days', () => {
  const events = lines('kubernetes', 20_000).map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(new Set(events.map((event) => event['pod'])).size).toBeGreaterThan(4000)
  const keys = new Set(events.flatMap((event) => Object.keys(event)))
  expect(keys.size).toBeGreaterThan(180)
  const days = events.map((event) => /^2025-01-\d\d/.exec(String(event['time']))?.[0])
  expect(new Set(days.filter(Boolean)).size).toBeGreaterThanOrEqual(7)
})

test('a push is one body a line and loses no entry', () => {
  const entries = lines('kubernetes-loki', 7000).flatMap((line) =>
    (JSON.parse(line) as { streams: { values: unknown[] }[] }).streams.flatMap(({ values }) => values),
  )
  expect(entries).toHaveLength(7000)
})
