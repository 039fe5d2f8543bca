// Aggregates from counts alone: how many records and bytes of lines, by what streams and levels are grouped to.
import { labelReader } from '../../record/aggregate.js'
import type { Gathering } from '../../record/aggregate.js'
import type { AggregateRequest, ViewedName } from '../../record/aggregate-request.js'
import { compileConditions, tenantsAllow } from '../../record/condition.js'
import type { Labels } from '../../record/labels.js'
import type { LogRecord } from '../../record/record.js'
import type { Hour } from './hour-plan.js'
import type { PartCount, PartSide } from './part.js'
import { recordOf } from './row-plan.js'
import type { Stream } from './segment.js'

/** What is counted of a part or of a day of a segment. */
export interface Counted {
  readonly streams: readonly Stream[]
  readonly counts: readonly PartCount[]
}

/** Whether streams and levels tell all that a request asks for; `fields` are the names that records have besides. */
export function isCounted(
  { measure, where, group, sent = [], lines }: AggregateRequest,
  streams: readonly Stream[],
  fields: { readonly names: readonly string[]; readonly others: boolean },
): boolean {
  if ((measure.kind !== 'count' && measure.kind !== 'bytes') || lines !== undefined) return false
  const known = ({ view, name }: ViewedName): boolean => {
    if (view !== 'entry' || name === 'detected_level') return true
    if (!fields.others && !fields.names.includes(name)) return true
    return streams.every(({ labels }) => Object.hasOwn(labels, name))
  }
  const answered = where.every(
    (one) =>
      one.kind === 'label' ||
      one.kind === 'level' ||
      (one.kind === 'field' && known({ ...one, view: 'entry' })),
  )
  const isSent = (name: string): boolean =>
    name === 'detected_level' || streams.every(({ labels }) => Object.hasOwn(labels, name))
  if (!answered || !sent.every(isSent)) return false
  if ('by' in group) return group.by.every(known)
  return !fields.others && fields.names.every((name) => group.without.includes(name))
}

export function fieldsOf({ columns, more }: PartSide): { names: string[]; others: boolean } {
  const names = columns.filter((column) => column.class !== 'label').map(({ name }) => name)
  return { names, others: more !== false }
}

/** The hours whose rows are needed: a border cuts them, or records at their first moment count elsewhere. */
export function hoursToRead(
  hours: readonly Hour[],
  request: AggregateRequest,
  counted: readonly Counted[],
): ReadonlySet<number> {
  const parted = (hour: Hour): boolean => request.measure.kind === 'bytes' && hour.first !== hour.later
  const read = new Set([...hours.keys()].filter((number) => hours[number]?.cut))
  for (const { counts } of counted)
    for (const [, , number, , , atStart] of counts)
      if (atStart > 0 && parted(hours[number] as Hour)) read.add(number)
  return read
}

/** Sums of one series by stretch. */
interface Sums {
  readonly labels: Labels
  readonly byStretch: Map<number, number>
}

/** Counts records or bytes of many parts, which mostly have the same streams. */
export class CountSums {
  readonly #bytes: boolean
  readonly #wants: (record: LogRecord) => boolean
  readonly #labelsOf: (record: LogRecord) => Labels
  readonly #sums = new Map<string, Sums>()

  constructor(request: AggregateRequest) {
    const judge = compileConditions(request.where)
    this.#bytes = request.measure.kind === 'bytes'
    this.#wants = (record) => tenantsAllow(request.tenants, record) && judge(record)
    this.#labelsOf = labelReader(request.group)
  }

  /** Leaves out the hours whose rows are read. */
  add({ streams, counts }: Counted, hours: readonly Hour[], read: ReadonlySet<number>): void {
    let known: { stream: number; level: string; sums: Sums | undefined } | undefined
    for (const [stream, level, number, records, bytes, atStart] of counts) {
      if (read.has(number)) continue
      if (known?.stream !== stream || known.level !== level)
        known = { stream, level, sums: this.#sumsOf(recordOf(streams[stream] as Stream, level)) }
      if (!known.sums) continue
      const { first, later } = hours[number] as Hour
      const value = this.#bytes ? bytes : records
      if (first === later) addTo(known.sums, later, value)
      else {
        addTo(known.sums, first, atStart)
        addTo(known.sums, later, value - (this.#bytes ? 0 : atStart))
      }
    }
  }

  #sumsOf(record: LogRecord): Sums | undefined {
    if (!this.#wants(record)) return undefined
    const labels = this.#labelsOf(record)
    const key = JSON.stringify(labels)
    let sums = this.#sums.get(key)
    if (!sums) this.#sums.set(key, (sums = { labels, byStretch: new Map() }))
    return sums
  }

  joinTo(gathering: Gathering): void {
    for (const { labels, byStretch } of this.#sums.values())
      for (const [stretch, value] of byStretch) gathering.join(labels, stretch, { kind: 'total', value })
  }
}

function addTo({ byStretch }: Sums, stretch: number | undefined, value: number): void {
  if (stretch === undefined || value === 0) return
  byStretch.set(stretch, (byStretch.get(stretch) ?? 0) + value)
}
