// Reads the JSON body of a request to the API and holds it against its schema.
import type { z } from 'zod'
import { fail } from '../../errors.js'
import { readBody } from '../body.js'
import type { Exchange } from '../exchange.js'
import type { Service } from '../service.js'

/** Requests are small; only logs are large. */
const MAX_BYTES = 1024 * 1024

/** An empty body counts as `{}`. Throws QUERY_INVALID with what is wrong where. */
export async function readJson<Schema extends z.ZodType>(
  exchange: Exchange,
  schema: Schema,
  service: Service,
): Promise<z.output<Schema>> {
  const lease = service.budget.lease()
  try {
    const body = await readBody(exchange, {
      limitBytes: MAX_BYTES,
      pauseMs: service.settings.config.server.read_timeout,
      budget: service.budget,
      lease,
    })
    return checked(parse(body.toString('utf8')), schema)
  } finally {
    lease.release()
  }
}

export function checked<Schema extends z.ZodType>(value: unknown, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue?.path.join('.') ?? ''
  return fail(
    'QUERY_INVALID',
    `the request was not understood: ${where}${where && ': '}${issue?.message ?? ''}`,
  )
}

export function parse(text: string): unknown {
  try {
    return text.trim() === '' ? {} : JSON.parse(text)
  } catch {
    return fail('QUERY_INVALID', 'the request is not JSON')
  }
}
