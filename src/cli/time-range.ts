// The flags by which a stretch of time is named, alike in every command that has one.
import { Flags } from '@oclif/core'
import { fail } from '../errors.js'
import { addDays, parseDay, parseMoment, startOfDay, type Timestamp } from '../record/time.js'

export const timeFlags = {
  since: Flags.string({
    summary: 'only from this long ago, or from this moment on: 2h, 30d, 2025-01-11T09:30:00Z',
    helpValue: 'TIME',
    helpGroup: 'TIME',
    exclusive: ['from', 'date'],
  }),
  from: Flags.string({
    summary: 'only from this moment on (it included)',
    helpValue: 'TIME',
    helpGroup: 'TIME',
    exclusive: ['date'],
  }),
  to: Flags.string({
    summary: 'only before this moment (it not included)',
    helpValue: 'TIME',
    helpGroup: 'TIME',
    exclusive: ['date'],
  }),
  date: Flags.string({ summary: 'only this day, in UTC', helpValue: 'YYYY-MM-DD', helpGroup: 'TIME' }),
}

export interface TimeFlags {
  readonly since?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly date?: string | undefined
}

export interface TimeRange {
  /** Inclusive. */
  readonly from?: Timestamp | undefined
  /** Exclusive. */
  readonly to?: Timestamp | undefined
}

/** Throws TIME_INVALID. */
export function timeRange({ since, from, to, date }: TimeFlags, nowMs: number): TimeRange {
  if (date !== undefined) {
    const day = parseDay(date)
    return { from: startOfDay(day), to: startOfDay(addDays(day, 1)) }
  }
  const start = since ?? from
  const range = {
    from: start === undefined ? undefined : parseMoment(start, nowMs),
    to: to === undefined ? undefined : parseMoment(to, nowMs),
  }
  if (range.from !== undefined && range.to !== undefined && range.from >= range.to)
    fail('TIME_INVALID', `nothing lies between ${range.from} and ${range.to}`, {
      hints: ['--from must be before --to'],
    })
  return range
}
