// The one schema of the configuration: every section and key, its default and what it is for.
import { z } from 'zod'
import type { Secret } from '../secret.js'
import { herokuSection } from './sections/heroku.js'
import { ingestSection, keySection, limitsSection, ratelimitSection, type Scope } from './sections/ingest.js'
import { mirrorSection } from './sections/mirror.js'
import { clientSection, querySection } from './sections/query.js'
import { serverSection } from './sections/server.js'
import { forwardSection, syslogSection } from './sections/sockets.js'
import { batchSection, retentionSection, storeSection } from './sections/store.js'
import { tlsSection } from './sections/tls.js'

export const configSchema = z.strictObject({
  server: serverSection.prefault({}).describe('The server: where it listens, whom it trusts, how it talks.'),
  syslog: syslogSection.prefault({}).describe('The door for syslog: RFC 5424 and 3164, over UDP and TCP.'),
  forward: forwardSection
    .prefault({})
    .describe("The door for Fluent's forward protocol, which Fluentd, Fluent Bit and Docker speak."),
  store: storeSection.prefault({}).describe('Where records are kept.'),
  tls: tlsSection.prefault({}).describe('The certificate of the listeners that speak TLS.'),
  batch: batchSection.prefault({}).describe('How records are gathered before they are sent on.'),
  ratelimit: ratelimitSection.prefault({}).describe('How much each key may send.'),
  keys: z
    .array(keySection, 'must be a list of keys')
    .max(10_000)
    .optional()
    .describe('Keys of senders and readers, beside those of `logctl key create`.'),
  ingest: ingestSection.prefault({}).describe('How events become records.'),
  heroku: herokuSection.prefault({}).describe('Log drains of Heroku.'),
  limits: limitsSection.prefault({}).describe('How large what is sent may be.'),
  retention: retentionSection.prefault({}).describe('How long records are kept.'),
  mirror: mirrorSection.prefault({}).describe('Plain daily files beside the store, for scripts of your own.'),
  query: querySection.prefault({}).describe('The limits of answers.'),
  client: clientSection.prefault({}).describe('What commands other than serve ask.'),
})

export type KeyEntry = z.output<typeof keySection>
type Parsed = z.output<typeof configSchema>

export const KEY_LIMITS = ['rps', 'burst', 'bytes_per_second', 'events_per_second'] as const
export type KeyLimits = { readonly [Name in (typeof KEY_LIMITS)[number]]?: number | undefined }

/** A key of the configuration with its value found. */
export interface ConfigKey {
  readonly name: string
  readonly value: Secret
  readonly tenant: string | undefined
  readonly scopes: readonly Scope[]
  /** Its own, in place of those of `ratelimit`. */
  readonly limits: KeyLimits
}

/** A list is never changed, nor is anything in it; a secret stays what it is. */
type Frozen<T> = T extends Secret
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T

/** The whole configuration: durations in milliseconds, sizes in bytes, folders absolute. Deeply frozen. */
export type Config = Frozen<Omit<Parsed, 'keys' | 'store'>> & {
  readonly keys: readonly ConfigKey[]
  readonly store: Frozen<Omit<Parsed['store'], 'data'>> & { readonly data: string }
}
