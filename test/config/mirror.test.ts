// The paths of the mirror name one file a day, and lie where the configuration lies.
import { expect, test } from 'vitest'
import { mirrorSection } from '#logctl/config/sections/mirror.js'

test.each(['/logs/%Y-%m-%d.log', 'logs/%Y/%m/%d.ndjson', '/100%%/%Y%m%d'])('%s is taken', (path) => {
  expect(mirrorSection.parse({ path, errors: path })).toEqual({ path, errors: path })
})

test.each([
  '/logs/app.log',
  '/logs/%Y-%m.log',
  '/logs/%Y-%m-%d-%H.log',
  '/logs/%Y-%m-%d/',
  '/%%Y/%%m/%%d',
  '',
  '/%Y-%m-%d-%',
])('"%s" is refused', (path) => {
  expect(mirrorSection.safeParse({ path }).error?.issues[0]?.message).toBe(
    'must be a path with %Y, %m and %d in it, such as /logs/%Y-%m-%d.log',
  )
})

test('off by default', () => expect(mirrorSection.parse({})).toEqual({}))
