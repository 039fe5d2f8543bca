// One request and its answer, as every handler sees them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { LogctlError } from '../errors.js'
import type { Caller } from './access.js'

/** Where a connection came in. */
export interface Listener {
  /** As configured; the label of `logctl_connections`. */
  readonly name: string
  readonly kind: 'http' | 'grpc' | 'metrics' | 'control' | 'syslog' | 'forward'
  /** Only this machine can reach it. */
  readonly loopback: boolean
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Without query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly listener: Listener
  /** `performance.now()` when the headers had been read. */
  readonly startedMs: number
  /** Who asks; on open paths nobody is asked. */
  caller: Caller
}

/** Path and query of a request target: origin form, or absolute form as proxies send it (RFC 9112 §3.2). */
export function parseTarget(target: string): { path: string; query: URLSearchParams } {
  const local = target.replace(/^https?:\/\/[^/?#]*/i, '')
  const mark = local.indexOf('?')
  return mark < 0
    ? { path: local || '/', query: new URLSearchParams() }
    : { path: local.slice(0, mark) || '/', query: new URLSearchParams(local.slice(mark + 1)) }
}

/** Aborts when the client goes away, or the answer is done. */
export function goneSignal({ response }: Exchange): AbortSignal {
  const controller = new AbortController()
  if (response.destroyed || response.closed) controller.abort()
  else response.once('close', () => controller.abort())
  return controller.signal
}

/** Thrown where an answer has nobody left to go to; never shown. */
export function clientGone(): LogctlError {
  return new LogctlError('INTERRUPTED', 'the client went away')
}

/** True when the sender announced a body (RFC 9112 §6). */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
