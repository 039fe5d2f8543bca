// Tails over Loki's WebSocket, and pushes lines to be seen there.
import type { IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { eventually } from '../../running-server.js'
import { type Parameters, push, search } from './loki-client.js'

export interface Frame {
  readonly streams: { stream: Record<string, string>; values: [string, string, object?][] }[]
  readonly dropped_entries?: { timestamp: string; labels: Record<string, string> }[]
  readonly encodingFlags?: string[]
}

export interface Tail {
  readonly socket: WebSocket
  readonly frames: Frame[]
  lines(): string[]
  /** Code and reason of the close; or the status and text of a refusal. */
  readonly ended: Promise<readonly [number, string]>
}

export const QUERY = '{app="web"}'

export function tail(
  url: string,
  parameters: Parameters = {},
  headers: Record<string, string> = {},
  origin?: string,
): Tail {
  const address = `${url.replace('http', 'ws')}/loki/api/v1/tail?${search({ query: QUERY, ...parameters })}`
  const socket = new WebSocket(address, { headers, ...(origin === undefined ? {} : { origin }) })
  onTestFinished(() => socket.terminate())
  const frames: Frame[] = []
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame))
  const ended = new Promise<readonly [number, string]>((resolve) => {
    socket.on('error', () => {})
    socket.on('close', (code: number, reason: Buffer) => resolve([code, reason.toString()]))
    socket.on('unexpected-response', (_request: unknown, response: IncomingMessage) => {
      response.setEncoding('utf8')
      let text = ''
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve([response.statusCode ?? 0, text.split('\n')[0] ?? '']))
    })
  })
  const lines = () =>
    frames.flatMap(({ streams }) => streams.flatMap(({ values }) => values.map(([, line]) => line)))
  return { socket, frames, lines, ended }
}

export function now(offsetMs = 0): string {
  return `${Date.now() + offsetMs}000000`
}

export function send(
  url: string,
  lines: readonly string[],
  headers: Record<string, string> = {},
  time = now(),
) {
  return push(url, [{ stream: { app: 'web' }, values: lines.map((line) => [time, line] as const) }], headers)
}

export const until = (one: Tail, count: number) =>
  eventually(() => (one.lines().length >= count ? true : undefined), `${count} lines`)

/** Resolves when the connection is open. */
export function once({ socket }: Tail): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === WebSocket.OPEN) resolve()
    else socket.on('open', () => resolve())
  })
}
