// The section `heroku`: which app and tenant a log drain speaks for, as its messages do not say it.
import { z } from 'zod'
import { secret, textAs } from '../leaf.js'
import { tenant } from './ingest.js'

const MOST_DRAINS = 10_000

export const drainSection = z.strictObject({
  token: secret().describe('Its token, as `heroku drains --json` shows it; it counts as a key.'),
  app: textAs('the name of an app', (given) => (isAppName(given) ? given : undefined)).describe(
    'The app that the drain belongs to; its label `app`.',
  ),
  tenant: tenant().optional().describe('The only tenant that the drain writes to.'),
})

/** Heroku's own names are lower case; a space's or a person's may be any. */
const isAppName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)

const drains = () =>
  z
    .union(
      [z.string().transform(drainsOfText), z.array(z.unknown())],
      'must be a list of drains, or TOKEN:APP or TOKEN:APP:TENANT between commas',
    )
    .pipe(z.array(drainSection, 'must be a list of drains').max(MOST_DRAINS))

/** As a variable has them: `d.1234:shop:acme,d.5678:blog`. */
function drainsOfText(text: string): unknown[] {
  return text
    .split(',')
    .map((part) => part.trim().split(':'))
    .map(([token = '', app = '', ...rest]) => ({
      token,
      app,
      tenant: rest.length > 0 ? rest.join(':') : undefined,
    }))
}

export const herokuSection = z.strictObject({
  drains: drains().optional().describe('Log drains of Heroku: token, app, and perhaps tenant of each.'),
})
