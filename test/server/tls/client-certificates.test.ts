// Senders with certificates: who gets in with one, for which tenant, and how it ends.
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createClient, listClients, revokeClient } from '#logctl/server/tls/client-admin.js'
import { clientsFile } from '#logctl/server/tls/client-file.js'
import { tempFolder } from '../../temp-folder.js'
import { eventually, keyNamed, runServer, type Running } from '../running-server.js'
import { makeCertificate } from './openssl.js'

const DAY_MS = 86_400_000

interface Pair {
  readonly cert: string
  readonly key: string
}

async function runTls(tls: Record<string, unknown> = {}, clock = Date.now): Promise<Running> {
  return runServer({
    config: { server: { listen: ['https://127.0.0.1:0'] }, tls },
    keys: [keyNamed('k')],
    options: { clock },
  })
}

async function clientOf(dataDir: string, name: string, tenant?: string, nowMs = Date.now()): Promise<Pair> {
  const made = await createClient(dataDir, { name, tenant, lifetimeMs: 30 * DAY_MS, nowMs })
  return { cert: made.certificate, key: made.key }
}

function post(
  url: string,
  pair: Partial<Pair>,
  { agent = new Agent({ keepAlive: false }), headers = {}, path: at = '/api/v1/logs' } = {},
): Promise<{ status: number; text: string }> {
  const options = { ...pair, agent, headers, method: 'POST', rejectUnauthorized: false }
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${at}`, options, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    asked.on('error', reject)
    asked.end('{"message":"hello","tenant":"said"}')
  })
}

describe('a certificate', () => {
  test('stands for a key that only sends, for its tenant and no other', async () => {
    const { url, dataDir, store } = await runTls()
    const bound = await clientOf(dataDir, 'web-1', 'acme')
    const free = await clientOf(dataDir, 'web-2')
    await eventually(
      async () => ((await post(url, free)).status === 200 ? true : undefined),
      'a known client',
    )
    expect((await post(url, bound)).status).toBe(200)
    expect(store.records.map(({ tenant }) => tenant).slice(-2)).toEqual(['said', 'acme'])
    expect(await post(url, bound, { headers: { 'x-scope-orgid': 'globex' } })).toMatchObject({
      status: 403,
      text: expect.stringContaining('certificate \\"web-1\\" is bound'),
    })
    expect(await post(url, bound, { path: '/api/v1/scan' })).toMatchObject({
      status: 403,
      text: expect.stringContaining('lacks the scope \\"read\\"'),
    })
  })

  test('none is 401; a key does without one, and goes before it', async () => {
    const { url, dataDir } = await runTls()
    const bound = await clientOf(dataDir, 'web-1', 'acme')
    expect((await post(url, {})).status).toBe(401)
    const headers = { authorization: 'Bearer k' }
    expect((await post(url, {}, { headers })).status).toBe(200)
    expect((await post(url, bound, { headers: { ...headers, 'x-scope-orgid': 'globex' } })).status).toBe(200)
  })

  test('that is revoked is refused within moments, on an open connection too', async () => {
    const { url, dataDir } = await runTls()
    const pair = await clientOf(dataDir, 'web-1')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const ask = async (): Promise<number> => (await post(url, pair, { agent })).status
    await eventually(async () => ((await ask()) === 200 ? true : undefined), 'a known client')
    expect(await revokeClient(dataDir, 'web-1', Date.now())).toBe(1)
    await eventually(async () => ((await ask()) === 401 ? true : undefined), 'a refusal')
    expect((await post(url, pair)).text).toContain('the client certificate was revoked')
    expect(listClients(dataDir, Date.now())).toMatchObject([{ name: 'web-1', state: 'revoked' }])
  })

  test('that has expired is refused, also when it does so on an open connection', async () => {
    let nowMs = Date.now()
    const { url, dataDir } = await runTls({}, () => nowMs)
    const old = await clientOf(dataDir, 'old', undefined, nowMs - 31 * DAY_MS)
    expect(await post(url, old)).toMatchObject({ status: 401, text: expect.stringContaining('has expired') })
    const pair = await clientOf(dataDir, 'web-1')
    nowMs += 2000
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    expect((await post(url, pair, { agent })).status).toBe(200)
    nowMs += 31 * DAY_MS
    expect(await post(url, pair, { agent })).toMatchObject({ status: 401 })
  })

  test('of another authority is refused, and one that the folder does not know', async () => {
    const { url, dataDir } = await runTls()
    const folder = tempFolder()
    const stranger = makeCertificate(folder, {
      name: 'stranger',
      by: makeCertificate(folder, { name: 'ca' }),
    })
    const pair = { cert: readFileSync(stranger.certificate, 'utf8'), key: readFileSync(stranger.key, 'utf8') }
    expect(await post(url, pair)).toMatchObject({
      status: 401,
      text: expect.stringContaining('an authority unknown here'),
    })
    const known = await clientOf(dataDir, 'web-1')
    writeFileSync(clientsFile(dataDir), '{"format":1,"clients":[]}')
    await eventually(async () => {
      const { status, text } = await post(url, known)
      return status === 401 && text.includes('not known') ? true : undefined
    }, 'a refusal')
  })

  test('of an authority that was named sends for the tenant of its name', async () => {
    const folder = tempFolder()
    const authority = makeCertificate(folder, { name: 'ca' })
    const { url, store } = await runTls({ client_ca: authority.certificate })
    const sender = makeCertificate(folder, { name: 'sender', by: authority, subject: 'globex' })
    const pair = { cert: readFileSync(sender.certificate, 'utf8'), key: readFileSync(sender.key, 'utf8') }
    expect((await post(url, pair)).status).toBe(200)
    expect(store.records.at(-1)?.tenant).toBe('globex')
  })

  test('opens an address with TLS to other machines, which nothing else does without a key', async () => {
    const listen = ['https://0.0.0.0:0']
    await expect(runServer({ config: { server: { listen } } })).rejects.toMatchObject({
      code: 'NOT_OPEN',
      hints: expect.arrayContaining([expect.stringContaining('logctl cert client')]),
    })
    const folder = tempFolder()
    const { certificate } = makeCertificate(folder, { name: 'ca' })
    const { url } = await runServer({ config: { server: { listen }, tls: { client_ca: certificate } } })
    expect((await post(url.replace('0.0.0.0', '127.0.0.1'), {})).status).toBe(401)
  })

  test('wanted by some, is wanted of all on an address with TLS', async () => {
    const { url, dataDir } = await runServer({ config: { server: { listen: ['https://127.0.0.1:0'] } } })
    expect((await post(url, {})).status).toBe(200)
    await clientOf(dataDir, 'web-1')
    await eventually(async () => ((await post(url, {})).status === 401 ? true : undefined), 'a refusal')
  })

  test('a damaged file keeps what was known, and says so', async () => {
    const { url, dataDir, log } = await runTls()
    const pair = await clientOf(dataDir, 'web-1')
    await eventually(
      async () => ((await post(url, pair)).status === 200 ? true : undefined),
      'a known client',
    )
    writeFileSync(clientsFile(dataDir), '{')
    await eventually(async () => {
      expect((await post(url, pair)).status).toBe(200)
      return log.find((line) => line.includes('clients.json cannot be read'))
    }, 'a complaint')
  })
})
