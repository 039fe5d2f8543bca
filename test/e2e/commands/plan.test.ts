// `logctl plan capacity` from flags and from what a folder has stored.
import { expect, test } from 'vitest'
import { logctl } from '../../house/program.js'
import { tempFolder } from '../../temp-folder.js'

const LINE = '{"@timestamp":"2025-01-11T10:00:00Z","message":"hello"}\n'
const home = tempFolder({ 'days/2025-01-10.log': LINE.repeat(40), 'days/2025-01-11.log': LINE.repeat(80) })

test('from flags, as a table and as JSON', async () => {
  const flags = ['plan', 'capacity', '--per-day', '10GB', '--retention', '30d']
  const { status, stdout } = await logctl(flags, home)
  expect(status).toBe(0)
  expect(stdout).toMatch(/logs kept +300 GB +10 GB × 30 days/)
  const json = JSON.parse((await logctl([...flags, '--json'], home)).stdout) as Record<string, unknown>
  expect(Object.keys(json)).toEqual([
    'load',
    'retention_days',
    'disk',
    'memory_bytes',
    'cores',
    'peak_lines_per_s',
    'network',
    'connections',
    'days_until_full',
    'free_bytes',
    'server',
  ])
})

test('from plain files that are there', async () => {
  const { status, stdout } = await logctl(['plan', 'capacity', '--dir', 'days', '--json'], home)
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    load: { bytes_per_day: 300, lines_per_day: 60, how: 'mean of 2 days: 300 B' },
    free_bytes: expect.any(Number),
  })
})

test('without flags or history there is no plan', async () => {
  const { status, stderr } = await logctl(['plan', 'capacity', '--data', 'nowhere'], home)
  expect([status, stderr]).toEqual([3, expect.stringContaining('nowhere')])
  expect((await logctl(['plan', 'capacity', '--per-day', 'x'], home)).status).toBe(2)
})
