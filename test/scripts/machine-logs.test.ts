// The demo's events carry the time that a line says, and keep every line that says none.
import { expect, test } from 'vitest'
import { eventsOf } from '../../scripts/machine-logs.mjs'
import { sampleEvents } from '../../scripts/sample-events.mjs'

const WRITTEN = new Date('2025-03-01T12:00:00Z')

function times(text: string): string[] {
  return eventsOf(text, '/var/log/apt/history.log.1', WRITTEN).map((event) => event.time)
}

function local(text: string): string {
  return new Date(text).toISOString()
}

test('the time of a line, in the forms that lie under /var/log', () => {
  expect(times('2025-01-11 09:30:00 status installed jq')).toEqual([local('2025-01-11T09:30:00')])
  expect(times('Start-Date: 2025-01-11  09:30:00')).toEqual([local('2025-01-11T09:30:00')])
  expect(times('2025-01-11T09:30:00.123456+02:00 host prog: x')).toEqual(['2025-01-11T07:30:00.123Z'])
  expect(times('Jan 11 09:30:00 host prog: x')).toEqual([local('2025-01-11T09:30:00')])
  expect(times('Dec 31 09:30:00 host prog: x')).toEqual([local('2024-12-31T09:30:00')])
})

test('a line without a time has that of the line before, or of the file', () => {
  expect(times('a\n2025-01-11T09:30:00Z b\nc\n')).toEqual([
    WRITTEN.toISOString(),
    '2025-01-11T09:30:00.000Z',
    '2025-01-11T09:30:00.000Z',
  ])
})

test('no line is lost but empty ones, and the source is named after the file', () => {
  const events = eventsOf(' a\n\nb', '/var/log/apt/history.log.1', WRITTEN)
  expect(events.map(({ source, message }) => [source, message])).toEqual([
    ['apt-history', ' a'],
    ['apt-history', 'b'],
  ])
})

test('samples lie in the hour before now', () => {
  const events = sampleEvents(WRITTEN.getTime())
  expect(events.every(({ time }) => time >= '2025-03-01T11' && time < WRITTEN.toISOString())).toBe(true)
  expect(new Set(events.map(({ source }) => source)).size).toBe(3)
})
