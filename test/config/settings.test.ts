// The flat table of the schema: every key is named, explained, and judged as the whole schema judges it.
import { SECRET_KEYS, SECTIONS, SETTINGS } from '#logctl/config/settings.js'
import { configSchema } from '#logctl/config/schema.js'
import { Secret } from '#logctl/secret.js'
import { expect, test } from 'vitest'

test.each([...SETTINGS.values()])(
  '$key has a variable, one line of meaning and a default that it takes',
  (setting) => {
    expect(setting.key).toMatch(/^[a-z_]+(?:\.[a-z_]+){0,2}$/)
    expect(setting.variable).toBe(`LOGCTL_${setting.key.replaceAll('.', '_').toUpperCase()}`)
    expect(setting.about).toMatch(/^[^\n]{10,110}\.$/)
    if (setting.fallback !== undefined) expect(setting.schema.safeParse(setting.fallback).success).toBe(true)
    else expect(setting.schema.safeParse(undefined).success).toBe(true)
  },
)

test('every key that holds a secret is known as one', () => {
  const holders = [...SETTINGS.values()].filter(({ schema }) => schema.safeParse('x').data instanceof Secret)
  expect(new Set([...holders.map(({ key }) => key), 'keys', 'heroku.drains'])).toEqual(SECRET_KEYS)
})

test('the whole schema takes nothing, and gives every section', () => {
  const sections = [...SECTIONS].filter((name) => !name.includes('.'))
  expect(Object.keys(configSchema.parse({})).toSorted()).toEqual(sections.toSorted())
})

test('every section is explained', () => {
  for (const section of Object.values(configSchema.shape))
    expect(section.description).toMatch(/^[^\n]{10,110}\.$/)
})
