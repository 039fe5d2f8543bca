// Sends requests to a server, over TCP, TLS or its control socket, and turns everything but success into errors.
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Agent, request as httpRequest } from 'node:http'
import { Agent as TlsAgent, request as httpsRequest } from 'node:https'
import { errnoOf, fail, LogctlError } from '../errors.js'
import type { Secret } from '../secret.js'
import { authorities } from './authorities.js'
import { errorOfAnswer, readAll, readTold, unreachable } from './failed-answer.js'

/** Milliseconds. */
const CONNECT_MS = 10_000
const SILENCE_MS = 30_000

export interface ServerAddress {
  /** `http://host:port`, perhaps with a path before the API's. One of `url` and `socketPath`. */
  readonly url?: string | undefined
  readonly socketPath?: string | undefined
  /** The file of an authority that the server's certificate may be signed by, beside those of the machine. */
  readonly ca?: string | undefined
  readonly key?: Secret | undefined
  /** Read and written as this tenant; `a|b` reads both. */
  readonly tenant?: string | undefined
  /** Ends every request. */
  readonly signal?: AbortSignal | undefined
}

export interface Ask {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly tenants?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
  /** May be sent again when a kept connection turns out to be closed; GET always may. */
  readonly repeatable?: boolean
  /** The longest wait for the first byte of the answer. Milliseconds. */
  readonly silenceMs?: number
  /** Statuses besides 2xx that are answers too. */
  readonly accept?: readonly number[]
}

export interface Connection {
  /** How messages name the server. */
  readonly name: string
  /** The answer with its body still to be read. Throws UNREACHABLE, or what the server answered. */
  ask(ask: Ask): Promise<IncomingMessage>
  /** The answer as JSON. */
  json<Answer>(ask: Ask): Promise<Answer>
  close(): void
}

export function connect(address: ServerAddress): Connection {
  const target = targetOf(address)
  const agent = target.tls
    ? new TlsAgent({ keepAlive: true, ...authorities(address.ca) })
    : new Agent({ keepAlive: true })
  const ask = async (wanted: Ask): Promise<IncomingMessage> => {
    const answer = await sendAgain({ ...address, ...target, agent }, wanted)
    const status = answer.statusCode ?? 0
    if ((status >= 200 && status < 300) || wanted.accept?.includes(status)) return answer
    throw await errorOfAnswer(answer, target.name)
  }
  return {
    name: target.name,
    ask,
    async json<Answer>(wanted: Ask) {
      const value = parsed(await readAll(await ask(wanted), target.name), target.name)
      const told = readTold(value)
      if (told) throw new LogctlError(told.code, told.message, { hints: told.hints })
      return value as Answer
    },
    close: () => agent.destroy(),
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fail('SERVER_FAILED', `${name} did not answer as logctl does`, {
      hints: ['is another program listening there?'],
    })
  }
}

interface Target {
  readonly name: string
  readonly tls: boolean
  /** What stands before the API's paths. */
  readonly base: string
  readonly options: { host: string; port: number } | { socketPath: string }
}

function targetOf({ url, socketPath }: ServerAddress): Target {
  if (socketPath !== undefined) return { name: socketPath, tls: false, base: '', options: { socketPath } }
  if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url))
    return fail('USAGE', `"${url ?? ''}" is not the URL of a server`, {
      hints: ['write it as http://HOST:PORT'],
    })
  const { protocol, hostname, port, pathname } = new URL(url)
  const tls = protocol === 'https:'
  return {
    name: url,
    tls,
    base: pathname.replace(/\/+$/, ''),
    options: { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (tls ? 443 : 80)) },
  }
}

type Sender = ServerAddress & Target & { readonly agent: Agent }

/** A server may close a kept connection at the moment it is used: what is harmless twice is then sent anew. */
async function sendAgain(sender: Sender, ask: Ask): Promise<IncomingMessage> {
  const sent = { overKept: false }
  try {
    return await send(sender, ask, sent)
  } catch (error) {
    const harmless = ask.repeatable ?? (ask.method ?? 'GET') === 'GET'
    const isStale = error instanceof LogctlError && errnoOf(error.cause) === 'ECONNRESET' && sent.overKept
    if (!harmless || !isStale) throw error
    return send(sender, ask, sent)
  }
}

function send(sender: Sender, ask: Ask, sent: { overKept: boolean }): Promise<IncomingMessage> {
  const signals = [sender.signal, ask.signal].filter((signal) => signal !== undefined)
  const signal = signals.length > 0 ? AbortSignal.any(signals) : undefined
  return new Promise((resolve, reject) => {
    const request = (sender.tls ? httpsRequest : httpRequest)({
      ...sender.options,
      agent: sender.agent,
      method: ask.method ?? 'GET',
      path: `${sender.base}${ask.path}${queryText(ask.query)}`,
      headers: headersOf(sender, ask),
      ...(signal ? { signal } : {}),
    })
    const stopWaiting = limitWaiting(request, sender.name, ask.silenceMs ?? SILENCE_MS)
    request.once('response', (answer) => {
      stopWaiting()
      resolve(answer)
    })
    request.once('error', (error) => {
      stopWaiting()
      // An answer that is being read reports its own end.
      request.on('error', () => {})
      sent.overKept = request.reusedSocket
      reject(signal?.aborted ? new LogctlError('INTERRUPTED', 'stopped') : unreachable(error, sender.name))
    })
    // As bytes: Node writes headers beside a text in the text's encoding, which breaks names beyond ASCII.
    request.end(typeof ask.body === 'string' ? Buffer.from(ask.body) : ask.body)
  })
}

function limitWaiting(request: ClientRequest, name: string, silenceMs: number): () => void {
  const give = (message: string) => (): void => {
    request.destroy(new LogctlError('UNREACHABLE', `${name} ${message}`))
  }
  let timer = setTimeout(give('does not take connections'), CONNECT_MS)
  const connected = (): void => {
    clearTimeout(timer)
    timer = setTimeout(give('does not answer'), silenceMs)
  }
  request.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', connected)
    else connected()
  })
  return () => clearTimeout(timer)
}

function queryText(query: Ask['query']): string {
  const given = Object.entries(query ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}

function headersOf({ key, tenant }: Sender, { headers, body, tenants }: Ask): Record<string, string> {
  const asTenant = tenants?.join('|') ?? tenant
  return {
    ...(key ? { authorization: `Bearer ${key.open()}` } : {}),
    // Header texts are bytes; the server reads them as UTF-8.
    ...(asTenant === undefined ? {} : { 'x-scope-orgid': Buffer.from(asTenant, 'utf8').toString('latin1') }),
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  }
}
