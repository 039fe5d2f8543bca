// A server over a folder with a few known logs in it, and commands that ask either of the two.
import { afterAll, beforeAll } from 'vitest'
import { type Ended, logctl, type Server, startServer } from '../../house/program.js'
import { tempFolder } from '../../temp-folder.js'

export const DAY = '2025-01-11'

/** Four events of one day: two of acme, one without source, one that is its own JSON text. */
export const EVENTS = [
  {
    '@timestamp': `${DAY}T09:30:00Z`,
    message: 'hello world',
    level: 'info',
    source: 'web',
    tenant: 'acme',
    status: 200,
  },
  {
    '@timestamp': `${DAY}T09:30:01Z`,
    message: 'it broke\n  at a',
    level: 'error',
    source: 'web',
    tenant: 'acme',
    stream: 'stderr',
  },
  { '@timestamp': `${DAY}T10:00:00Z`, message: 'goodbye \u001b[31mworld', tenant: 'zed' },
  { '@timestamp': `${DAY}T10:00:02.5Z`, method: 'GET', uri: '/x', status: 500, source: 'access' },
] as const

export interface Filled {
  readonly server: Server
  readonly data: string
  readonly home: string
  /** Asks the server. */
  ask(...args: string[]): Promise<Ended>
  /** Reads the folder. */
  read(...args: string[]): Promise<Ended>
  send(events: readonly object[]): Promise<void>
}

/** One for all tests of a file. */
export function filledServer(): Filled {
  const home = tempFolder()
  const data = `${home}/data`
  let server: Server | undefined
  const running = (): Server => server ?? expectRunning()
  const send = async (events: readonly object[]): Promise<void> => {
    const body = events.map((event) => `${JSON.stringify(event)}\n`).join('')
    const answer = await fetch(`${running().url}/api/v1/logs`, { method: 'POST', body })
    if (answer.status !== 200) throw new Error(await answer.text())
  }
  beforeAll(async () => {
    server = await startServer(data, home)
    await send(EVENTS)
  })
  afterAll(async () => {
    await server?.stop()
  })
  return {
    get server() {
      return running()
    },
    data,
    home,
    ask: (...args) => logctl([...args, '--server', running().url], home),
    read: (...args) => logctl([...args, '--data', data], home),
    send,
  }
}

function expectRunning(): never {
  throw new Error('the server is not started yet')
}
