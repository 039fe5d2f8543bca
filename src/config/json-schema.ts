// The configuration's JSON Schema, for editors and `config schema`.
import { z } from 'zod'
import { configSchema } from './schema.js'

/** JSON Schema draft 2020-12 of the file, as it may be written. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'logctl.yml', ...z.toJSONSchema(configSchema, { io: 'input' }) }
}
