// The form of scan requests on the wire: strict, so that a condition that is not understood is never left out.
import { z } from 'zod'
import { LEVELS } from '../../record/level.js'
import type { Condition } from '../../record/scan-request.js'
import type { Timestamp } from '../../record/time.js'
import { timestampOfRfc3339 } from '../../record/time.js'

const MAX_TEXT = 65_536
export const text = z.string().max(MAX_TEXT)
const sequence = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const timestamp = z
  .string()
  .max(64)
  .transform((given, context): Timestamp => {
    const moment = timestampOfRfc3339(given)
    if (moment) return moment
    context.addIssue('must be a time such as 2025-01-11T09:30:00Z')
    return z.NEVER
  })

/** How a value is looked up and read as a number. */
export const number = {
  name: text,
  reading: z.enum(['number', 'duration', 'bytes']),
  unreadable: z.enum(['kept', 'dropped']),
}

const missing = z.literal('kept').optional()
const fieldSchema = z.strictObject({
  kind: z.literal('field'),
  name: text,
  op: z.enum(['=', '!=', '=~', '!~']),
  value: text,
  missing,
})
const numberSchema = z.strictObject({
  kind: z.literal('number'),
  ...number,
  op: z.enum(['==', '!=', '>', '>=', '<', '<=']),
  value: z.number(),
  missing,
})

const condition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('label'), name: text, op: z.enum(['=', '!=', '=~', '!~']), value: text }),
  z.strictObject({
    kind: z.literal('line'),
    op: z.enum(['|=', '!=', '|~', '!~']),
    values: z.array(text).max(1000),
  }),
  z.strictObject({
    kind: z.literal('text'),
    pattern: text,
    literal: z.boolean(),
    ignoreCase: z.boolean(),
    invert: z.boolean(),
  }),
  fieldSchema,
  numberSchema,
  z.strictObject({
    kind: z.literal('any'),
    of: z.array(z.discriminatedUnion('kind', [fieldSchema, numberSchema])).max(100),
  }),
  z.strictObject({ kind: z.literal('level'), anyOf: z.array(z.enum(LEVELS)).max(LEVELS.length) }),
]) satisfies z.ZodType<Condition>

export const conditionsSchema = z.array(condition).max(100)

export const tenantsSchema = z.array(z.string().max(256)).max(1000)

/** Which records. */
export const stretch = {
  tenants: tenantsSchema.optional(),
  from: timestamp.optional(),
  to: timestamp.optional(),
  where: conditionsSchema,
  sequenceAbove: sequence.optional(),
  sequenceUpTo: sequence.optional(),
}

export const scanSchema = z.strictObject({
  ...stretch,
  direction: z.enum(['forward', 'backward']),
  limit: sequence.optional(),
})
