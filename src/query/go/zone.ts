// Offsets of time zones by their IANA names, from what Node knows of them.
import type { Zone } from './time.js'

export interface ZoneOffset {
  readonly offsetS: number
  /** An abbreviation, or the offset where there is none. */
  readonly name: string
}

const UTC_OFFSET: ZoneOffset = { offsetS: 0, name: 'UTC' }

/** Zones kept; making one takes Node a millisecond. */
const KEPT = 32
const formats = new Map<string, Intl.DateTimeFormat | undefined>()

/** Undefined where Node knows no such zone. */
export function zoneNamed(name: string): Intl.DateTimeFormat | undefined {
  if (formats.has(name)) return formats.get(name)
  const made = makeFormat(name)
  if (formats.size >= KEPT) formats.clear()
  formats.set(name, made)
  return made
}

function makeFormat(name: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      timeZoneName: 'short',
    })
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

export function offsetAt(zone: Zone, ms: number): ZoneOffset {
  if (typeof zone !== 'string') return { offsetS: zone.offsetS, name: zone.name || numeric(zone.offsetS) }
  const format = zone === 'UTC' || zone === '' ? undefined : zoneNamed(zone)
  if (!format || Number.isNaN(new Date(ms).getTime())) return UTC_OFFSET
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type))
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  const offsetS = Math.round((local - Math.floor(ms / 1000) * 1000) / 1000)
  const name = parts.get('timeZoneName') ?? ''
  return { offsetS, name: /^[A-Z]{2,5}$/.test(name) ? name : numeric(offsetS) }
}

/** `+02`, `-0330` */
function numeric(offsetS: number): string {
  const size = Math.abs(offsetS)
  const hours = String(Math.floor(size / 3600)).padStart(2, '0')
  const minutes = Math.floor(size / 60) % 60
  return `${offsetS < 0 ? '-' : '+'}${hours}${minutes === 0 ? '' : String(minutes).padStart(2, '0')}`
}
