// The counts of a day as text, compared with the file that shows them.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { plain } from '#logctl/format/paint.js'
import { statsText } from '#logctl/format/stats-text.js'
import type { DayStats } from '#logctl/record/scanner.js'

const CASE = path.join(import.meta.dirname, '../cases/format/stats-text')
const stats = JSON.parse(readFileSync(path.join(CASE, 'stats.json'), 'utf8')) as DayStats

test('sections sorted by count then name, hours by hour, the rest summed up', () => {
  expect(statsText(stats, { paint: plain, top: 3 })).toBe(
    readFileSync(path.join(CASE, 'expected.txt'), 'utf8'),
  )
})

test('a larger top shows all', () => {
  const text = statsText(stats, { paint: plain, top: 20 })
  expect(text).toContain('epsilon')
  expect(text).not.toContain('more with')
})

test('a value cannot break out of its row', () => {
  const by = { source: { 'a\nb\u001b[31m\t': 1 } }
  expect(statsText({ ...stats, by }, { paint: plain, top: 20 })).toContain('  1  a\\nb\\e[31m\\t\n')
})
