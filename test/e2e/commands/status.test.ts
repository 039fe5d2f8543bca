// `logctl status` tells how the server and its folder are.
import { expect, test } from 'vitest'
import { EVENTS, filledServer } from './filled-server.js'

const filled = filledServer()

test('of a server: itself, its doors, its store, today', async () => {
  const { status, stdout } = await filled.ask('status', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    server: { version: expect.any(String), pid: filled.server.pid, listeners: expect.any(Array) },
    doors: expect.arrayContaining([expect.objectContaining({ door: 'json', lines: EVENTS.length })]),
    store: { kind: 'embedded', path: filled.data, state: 'ok', newest_sequence: EVENTS.length },
    today: { total: 0, errors: 0 },
  })
  const text = (await filled.ask('status')).stdout
  for (const heading of ['server', 'doors', 'store', 'today'])
    expect(text).toMatch(new RegExp(`^${heading}`, 'm'))
})

test('of a folder that a server holds: the same as of the server', async () => {
  const { status, stdout } = await filled.read('status', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    server: { pid: filled.server.pid },
    store: { path: filled.data, newest_sequence: EVENTS.length },
  })
})

test('of a folder without a server: none, the same store', async () => {
  await filled.server.stop()
  const { status, stdout } = await filled.read('status', '--json')
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    server: null,
    doors: [],
    store: { path: filled.data, newest_sequence: EVENTS.length },
  })
})
