// How much comes in, from what people know of their senders. Several statements add up.
import { fail } from '../../errors.js'
import { sizeBytes } from '../../config/units.js'
import { bytesText } from './bytes-text.js'
import type { Load } from './plan-capacity.js'

export interface Statements {
  /** `10GB` */
  readonly perDay?: string | undefined
  readonly eventsPerSecond?: number | undefined
  /** Each `COUNTxSIZE` a day: `55x1MB`. */
  readonly services: readonly string[]
  /** Hosts whose metrics are collected every minute. */
  readonly hosts?: number | undefined
  /** Health checks, each made every 30 seconds. */
  readonly checks?: number | undefined
  /** Mean length of a line. */
  readonly lineBytes: number
}

const SECONDS_PER_DAY = 86_400

/** A row of a host's metrics, of which there is one a minute: about 1 MB a day. */
export const HOST_BYTES = 694

/** The result of a health check, of which there are two a minute: about 0.5 MB a day. */
export const CHECK_BYTES = 174

interface Part {
  readonly bytes: number
  readonly lines: number
  readonly how: string
}

/** Undefined when nothing is stated. Throws USAGE. */
export function statedLoad(said: Statements): Load | undefined {
  const parts = [...byVolume(said), ...byServices(said), ...byFleet(said)]
  if (parts.length === 0) return undefined
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const how = parts.map((part) => part.how).join(' + ')
  return { bytesPerDay: sum(({ bytes }) => bytes), linesPerDay: sum(({ lines }) => lines), how }
}

function byVolume({ perDay, eventsPerSecond, lineBytes }: Statements): Part[] {
  const parts: Part[] = []
  if (perDay !== undefined) {
    const bytes = size(perDay, '--per-day')
    parts.push({ bytes, lines: bytes / lineBytes, how: bytesText(bytes) })
  }
  if (eventsPerSecond !== undefined) {
    const lines = eventsPerSecond * SECONDS_PER_DAY
    parts.push({ bytes: lines * lineBytes, lines, how: `${eventsPerSecond}/s × ${lineBytes} B × 86,400 s` })
  }
  return parts
}

function byServices({ services, lineBytes }: Statements): Part[] {
  return services.map((said) => {
    const [, count = '', each = ''] = /^(\d{1,6})x(.+)$/.exec(said) ?? []
    if (count === '')
      fail('USAGE', `--services ${said}: must be a number and a size a day`, { hints: ['--services 55x1MB'] })
    const bytes = Number(count) * size(each, '--services')
    return { bytes, lines: bytes / lineBytes, how: `${count} × ${bytesText(size(each, '--services'))}` }
  })
}

function byFleet({ hosts, checks }: Statements): Part[] {
  const rows = [
    { count: hosts, perDay: SECONDS_PER_DAY / 60, bytes: HOST_BYTES, noun: 'hosts' },
    { count: checks, perDay: SECONDS_PER_DAY / 30, bytes: CHECK_BYTES, noun: 'checks' },
  ]
  return rows.flatMap(({ count, perDay, bytes, noun }) => {
    if (count === undefined) return []
    const lines = count * perDay
    return [{ bytes: lines * bytes, lines, how: `${count} ${noun} × ${perDay} × ${bytes} B` }]
  })
}

function size(text: string, flag: string): number {
  const bytes = sizeBytes(text)
  if (bytes === undefined)
    fail('USAGE', `${flag}: "${text}" is no size`, { hints: ['write it as 500MB or 10GB'] })
  return bytes
}
