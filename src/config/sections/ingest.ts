// The sections `keys`, `ratelimit`, `ingest` and `limits`: who may send, how fast, how much, and what becomes a label.
import { z } from 'zod'
import { count, duration, flag, list, rate, secret, size, sizeOrAuto, text, textAs } from '../leaf.js'

const MIB = 2 ** 20

export const SCOPES = ['ingest', 'read', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** What a key may do where nothing else is said. */
export const DEFAULT_SCOPES: readonly Scope[] = ['ingest', 'read']

export const isScope = (word: string): word is Scope => (SCOPES as readonly string[]).includes(word)

/** Names of keys stand in logs and file names, so they are plain. */
export const isKeyName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)
export const KEY_NAME = 'a name of letters, digits, dot, dash and underscore, 64 at most'

/** `|` parts tenants in `X-Scope-OrgID` (Loki's multi-tenant reads). */
export const isTenant = (name: string): boolean => /^[^\p{Cc}|]{1,150}$/u.test(name)
export const TENANT = 'a tenant: 1 to 150 characters without | and control characters'

export const tenant = () => textAs(TENANT, (given) => (isTenant(given) ? given : undefined))

export const keySection = z
  .strictObject({
    name: textAs(KEY_NAME, (given) => (isKeyName(given) ? given : undefined)).describe(
      'Its name in lists and logs.',
    ),
    value: secret().optional().describe('The key itself. Better in a variable or a file.'),
    env: text('the name of a variable').optional().describe('The variable that holds the key.'),
    file: text('a file path').optional().describe('The file that holds the key, and nothing else.'),
    tenant: tenant().optional().describe('The only tenant that this key writes and reads.'),
    scopes: list(`scopes of ${SCOPES.join(', ')}`, isScope)
      .refine((scopes) => scopes.length > 0, 'must name a scope')
      .prefault([...DEFAULT_SCOPES])
      .describe('What it may do: ingest, read, admin.'),
    rps: rate().optional().describe('Its own ratelimit.default_rps.'),
    burst: count({ min: 1 }).optional().describe('Its own ratelimit.burst.'),
    bytes_per_second: size().optional().describe('Its own ratelimit.bytes_per_second.'),
    events_per_second: rate().optional().describe('Its own ratelimit.events_per_second.'),
  })
  .refine(({ value, env, file }) => [value, env, file].filter((from) => from !== undefined).length === 1, {
    error: 'needs one of value, env and file',
  })

export const ratelimitSection = z.strictObject({
  enabled: flag().prefault(true).describe('Limit how often each key may send over HTTP.'),
  default_rps: rate().prefault(100).describe('Requests a second of a key, over time.'),
  burst: count({ min: 1 }).prefault(200).describe('Requests of a key at once.'),
  bytes_per_second: size()
    .optional()
    .describe('Bytes a second of a key, decompressed; no limit where absent.'),
  events_per_second: rate().optional().describe('Events a second of a key; no limit where absent.'),
  stream_bytes_per_second: size()
    .optional()
    .describe('Bytes of lines a second of a stream; no limit where absent.'),
  stream_events_per_second: rate().optional().describe('Events a second of a stream; no limit where absent.'),
})

const LABELS = [
  'source',
  'app',
  'service',
  'job',
  'host',
  'container',
  'stream',
  'level',
  'env',
  'region',
  'tenant',
]

export const ingestSection = z.strictObject({
  labels: list('label names', (item): item is string => /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(item))
    .prefault(LABELS)
    .describe('Keys of flat events that name the stream; every other key is a field.'),
})

export const limitsSection = z.strictObject({
  body: sizeOrAuto({ min: 1024, max: 2 ** 31 })
    .prefault('auto')
    .describe('A request body, decompressed; auto is 100MiB, less on a small machine.'),
  line: size({ min: 256, max: 256 * MIB })
    .prefault('1MiB')
    .describe('A line; a longer one is cut and flagged.'),
  record: size({ min: 1024, max: 256 * MIB })
    .prefault('8MiB')
    .describe('A whole record as JSON.'),
  fields: count({ min: 1, max: 100_000 }).prefault(1000).describe('Fields of an event.'),
  depth: count({ min: 1, max: 500 }).prefault(32).describe('How deep an event may be nested.'),
  labels: count({ min: 1, max: 1000 }).prefault(32).describe('Labels of a stream.'),
  streams: count({ min: 1 })
    .prefault(100_000)
    .describe('Streams a day and tenant; beyond it, labels of new streams become fields.'),
  days: count({ min: 1, max: 100_000 }).prefault(400).describe('Distinct days within a request.'),
  ahead: duration({ min: 0 }).prefault('10m').describe('How far ahead of the clock an event may be.'),
  max_age: duration().optional().describe('Older events are refused; any age is taken where absent.'),
  in_flight: sizeOrAuto({ min: MIB })
    .prefault('auto')
    .describe('Bytes of request bodies being worked on at once; auto is sized to the machine or container.'),
})
