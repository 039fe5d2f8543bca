// Proves a server end to end: a marked line through each door, found again; a wrong key refused; disk and clock.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { LogctlError, messageOf } from '../errors.js'
import { timestampOfMs } from '../record/time.js'
import { Secret } from '../secret.js'
import { connect, type Connection, type ServerAddress } from './connection.js'
import { openServer } from './open-server.js'
import { openPusher } from './push.js'

/** What is sent to prove a server belongs to nobody. */
export const VERIFY_TENANT = '_logctl'

export interface VerifyCheck {
  readonly name: string
  readonly status: 'ok' | 'failed'
  readonly detail: string
}

export interface VerifyOptions {
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number
  /** How long a server may take to start. Milliseconds. */
  readonly patienceMs: number
}

/** A server that was started a moment ago is asked again and again. Milliseconds. */
const AGAIN_MS = 200
/** Clocks further apart make times of logs useless. Seconds. */
const CLOCK_S = 5
/** Percent. */
const LEAST_FREE = 5

/** Everything is looked at, whatever fails before. */
export async function verify(
  address: ServerAddress,
  options: VerifyOptions,
): Promise<readonly VerifyCheck[]> {
  const as = { ...address, tenant: VERIFY_TENANT }
  const ready = await check('ready', () => waitReady(as, options))
  if (ready.status === 'failed') return [ready]
  const sent = options.nowMs()
  const marks = { json: `logctl verify ${randomUUID()}`, loki: `logctl verify ${randomUUID()}` }
  return [
    ready,
    await check('door json', () => sendJson(as, marks.json)),
    await check('door loki', () => sendLoki(as, marks.loki, sent)),
    await check('found again', () => findAgain(as, Object.values(marks), { ...options, sent })),
    await check('wrong key', () => refuseWrong(as)),
    await check('disk', () => lookAtDisk(as)),
    await check('clock', () => compareClocks(as, options)),
  ]
}

async function check(name: string, look: () => Promise<string>): Promise<VerifyCheck> {
  try {
    return { name, status: 'ok', detail: await look() }
  } catch (error) {
    if (error instanceof LogctlError && error.code === 'INTERRUPTED') throw error
    return { name, status: 'failed', detail: messageOf(error) }
  }
}

async function withConnection<Result>(
  address: ServerAddress,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = connect(address)
  return work(connection).finally(() => connection.close())
}

async function waitReady(address: ServerAddress, { nowMs, patienceMs }: VerifyOptions): Promise<string> {
  const until = nowMs() + patienceMs
  for (;;)
    try {
      return await withConnection(address, async (connection) => {
        const answer = await connection.ask({ path: '/ready' })
        answer.resume()
        return `${connection.name} takes logs`
      })
    } catch (error) {
      if (nowMs() > until || (error instanceof LogctlError && error.code === 'INTERRUPTED')) throw error
      await sleep(AGAIN_MS)
    }
}

async function sendJson(address: ServerAddress, mark: string): Promise<string> {
  const pusher = openPusher(address)
  const body = `${JSON.stringify({ message: mark, source: 'logctl-verify' })}\n`
  const { accepted, errors } = await pusher.push({ body }).finally(() => pusher.close())
  if (accepted !== 1) throw new Error(`a line was not taken: ${errors[0]?.reason ?? 'no reason given'}`)
  return 'a line was taken'
}

async function sendLoki(address: ServerAddress, mark: string, nowMs: number): Promise<string> {
  const values = [[`${nowMs}000000`, mark]]
  const body = JSON.stringify({ streams: [{ stream: { source: 'logctl-verify' }, values }] })
  const headers = { 'content-type': 'application/json' }
  return withConnection(address, async (connection) => {
    const answer = await connection.ask({ method: 'POST', path: '/loki/api/v1/push', headers, body })
    answer.resume()
    return 'a line was taken'
  })
}

/** What is acknowledged can be asked for at once; the patience is for a server under load. */
async function findAgain(
  address: ServerAddress,
  marks: readonly string[],
  { nowMs, patienceMs, sent }: VerifyOptions & { readonly sent: number },
): Promise<string> {
  const until = nowMs() + patienceMs
  const from = timestampOfMs(sent - 60_000)
  for (;;) {
    const missing = new Set(marks)
    const server = openServer(address)
    try {
      const request = {
        tenants: [VERIFY_TENANT],
        from,
        direction: 'backward',
        where: [],
        limit: 1000,
      } as const
      for await (const records of server.scan(request)) for (const { line } of records) missing.delete(line)
    } finally {
      await server.close()
    }
    if (missing.size === 0) return `${marks.length} of ${marks.length} lines`
    if (nowMs() > until) throw new Error(`${missing.size} of ${marks.length} lines are not found by a query`)
    await sleep(AGAIN_MS)
  }
}

async function refuseWrong(address: ServerAddress): Promise<string> {
  const pusher = openPusher({ ...address, key: new Secret(`lk_wrong_${randomUUID()}`) })
  try {
    await pusher.push({ body: `${JSON.stringify({ message: 'logctl verify with a wrong key' })}\n` })
  } catch (error) {
    if (error instanceof LogctlError && error.code === 'UNAUTHORIZED') return 'refused'
    throw error
  } finally {
    pusher.close()
  }
  throw new Error('a key that nobody made was taken')
}

async function lookAtDisk(address: ServerAddress): Promise<string> {
  const server = openServer(address)
  const { disk, store } = await server.health().finally(() => server.close())
  if (store.state !== 'ok') throw new Error(`the store says ${store.state}`)
  const free = disk?.free_pct ?? undefined
  if (free !== undefined && free < LEAST_FREE) throw new Error(`only ${free} % are free`)
  return free === undefined ? 'its size is not known' : `${free} % free`
}

async function compareClocks(address: ServerAddress, { nowMs }: VerifyOptions): Promise<string> {
  const apart = await withConnection(address, async (connection) => {
    const answer = await connection.ask({ path: '/ready' })
    answer.resume()
    return Math.abs(Date.parse(answer.headers.date ?? '') - nowMs()) / 1000
  })
  if (Number.isNaN(apart)) return 'the server does not say its time'
  if (apart > CLOCK_S) throw new Error(`${Math.round(apart)} s apart from the one here`)
  return `within ${CLOCK_S} s of the one here`
}
