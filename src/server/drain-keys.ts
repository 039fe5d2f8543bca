// Heroku's drains as keys: a drain that the configuration knows shows its token, and needs no other key.
import type { Config, ConfigKey } from '../config/schema.js'
import type { Headers } from './presented-key.js'

export interface Drain {
  readonly app: string
  readonly tenant: string | undefined
}

/** All keys of a configuration: its own, and its drains', which may send and nothing else. */
export function keysOfConfig({ keys, heroku }: Pick<Config, 'keys' | 'heroku'>): readonly ConfigKey[] {
  const ofDrains = (heroku.drains ?? []).map(({ token, app, tenant }) => ({
    // No other key's name has a space.
    name: `heroku ${app}`,
    value: token,
    tenant,
    scopes: ['ingest'] as const,
    limits: {},
  }))
  return [...keys, ...ofDrains]
}

/** Drains by their token. */
export function drainsOf({ heroku }: Pick<Config, 'heroku'>): ReadonlyMap<string, Drain> {
  return new Map((heroku.drains ?? []).map(({ token, app, tenant }) => [token.open(), { app, tenant }]))
}

/** `Logplex-Drain-Token`; drains of private spaces send none. */
export function drainToken(headers: Headers): string | undefined {
  const value = headers['logplex-drain-token']
  return typeof value === 'string' ? value : value?.[0]
}
