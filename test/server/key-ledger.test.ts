// The account of each key over HTTP, and what of it outlives the server.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ServerStatus } from '#logctl/client/answers.js'
import { openKeyLedger, readKeysSeen } from '#logctl/server/key-ledger.js'
import { bearer, keyNamed, ndjson, post, runServer } from './running-server.js'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'logctl-ledger-'))
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

const never = (error: unknown): never => expect.unreachable(String(error))

const NOTHING = { lines: 0, bytes: 0, rejected: {} }

test('lines, bytes and refusals of each key by door, and nothing of it in metrics', async () => {
  const { url } = await runServer({
    keys: [keyNamed('web'), keyNamed('bound', { tenant: 'acme' })],
    config: { limits: { body: '1KiB' } },
  })
  await post(url, '/api/v1/logs', `${ndjson({ message: 'one' })}{broken\n`, bearer('web'))
  await post(url, '/api/v1/logs', 'x'.repeat(2000), bearer('web'))
  await post(url, '/services/collector', '{"event":"two"}', bearer('web'))
  await post(url, '/api/v1/logs', ndjson({ message: 'three' }), bearer('bound'))
  const keysOf = async (name: string) =>
    ((await (await fetch(`${url}/api/v1/status`, { headers: bearer(name) })).json()) as ServerStatus).keys
  const keys = await keysOf('web')
  expect(keys.map(({ name }) => name)).toEqual(['bound', 'web'])
  expect(keys[1]).toMatchObject({
    id: 'id-web',
    doors: [
      { door: 'json', lines: 1, bytes: 26, refused: { not_json: 1, body_too_large: 1 } },
      { door: 'splunk', lines: 1, bytes: 15, refused: {} },
    ],
  })
  expect((await keysOf('bound')).map(({ name }) => name)).toEqual(['bound'])
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toContain('logctl_ingest_lines_total{door="splunk"} 1')
  expect(metrics).not.toMatch(/id-web|"web"|bound/)
})

test('when a key was last seen is known after a restart', async () => {
  const data = folder()
  const first = openKeyLedger(data, () => Date.UTC(2025, 0, 11), never)
  first.take(keyNamed('web'), 'json', NOTHING)
  await first.close()
  expect(readKeysSeen(data)).toEqual({ 'id-web': '2025-01-11T00:00:00.000Z' })
  const next = openKeyLedger(data, () => Date.UTC(2025, 0, 12), never)
  next.refuse(keyNamed('other'), 'json', 'rate_limited')
  await next.close()
  expect(Object.keys(readKeysSeen(data))).toEqual(['id-web', 'id-other'])
})

test('a damaged file, or one that cannot be written, costs nothing but what it says', async () => {
  const data = folder()
  writeFileSync(join(data, 'keys-seen.json'), '{cut')
  expect(readKeysSeen(data)).toEqual({})
  const failures: unknown[] = []
  const ledger = openKeyLedger(join(data, 'gone'), Date.now, (error) => failures.push(error))
  ledger.take(keyNamed('web'), 'json', NOTHING)
  await ledger.close()
  expect(failures).toHaveLength(1)
  expect(readFileSync(join(data, 'keys-seen.json'), 'utf8')).toBe('{cut')
})
