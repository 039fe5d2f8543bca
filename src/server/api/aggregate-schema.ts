// The form of aggregate requests on the wire: strict, as that of scans is.
import { z } from 'zod'
import type { AggregateRequest } from '../../record/aggregate-request.js'
import { number, stretch, text, timestamp } from './scan-schema.js'

const names = 1000
const MOST_SERIES = 100_000

/** Whole nanoseconds as digits. */
const ns = z
  .string()
  .regex(/^\d{1,19}$/)
  .transform(BigInt)

const of = z.strictObject(number)

const measure = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['count', 'bytes']) }),
  z.strictObject({ kind: z.enum(['sum', 'avg', 'min', 'max', 'stddev', 'stdvar', 'first', 'last']), of }),
  z.strictObject({ kind: z.literal('quantile'), q: z.number(), of }),
])

const group = z.union([
  z.strictObject({
    by: z.array(z.strictObject({ view: z.enum(['stream', 'entry', 'label']), name: text })).max(names),
  }),
  z.strictObject({ without: z.array(text).max(names) }),
])

export const aggregateSchema = z.strictObject({
  ...stretch,
  measure,
  group,
  sent: z.array(text).max(names).optional(),
  lines: z.literal('json').optional(),
  windows: z
    .strictObject({ first: timestamp, stepNs: ns, rangeNs: ns, count: z.number().int().min(1) })
    .optional(),
  maxSeries: z.number().int().min(1).max(MOST_SERIES),
}) satisfies z.ZodType<AggregateRequest>
