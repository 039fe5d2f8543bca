// Shared label sets: equal streams share one object, and the memory of them is bounded.
import { expect, it } from 'vitest'
import { hasLabel, labelsOf, sharedLabels, streamRoot, withLabel } from '#logctl/decode/stream-labels.js'

it('shares what was sent in the same order and equals what was not', () => {
  const one = sharedLabels({ app: 'a', env: 'x' })
  expect(sharedLabels({ app: 'a', env: 'x' })).toBe(one)
  expect(sharedLabels({ env: 'x', app: 'a' })).toEqual(one)
  expect(JSON.stringify(sharedLabels({ env: 'x', app: 'a' }))).toBe(JSON.stringify(one))
  expect(sharedLabels({ app: 'a', env: '' })).toEqual({ app: 'a', service_name: 'a' })
})

it('knows which labels a stream has', () => {
  const node = withLabel(withLabel(streamRoot(), 'app', 'a'), 'env', 'x')
  expect([
    hasLabel(node, 'app'),
    hasLabel(node, 'env'),
    hasLabel(node, 'host'),
    hasLabel(streamRoot(), ''),
  ]).toEqual([true, true, false, false])
})

it('forgets old streams, while one that is being built stays right', () => {
  const begun = withLabel(streamRoot(), 'app', 'begun')
  const known = sharedLabels({ app: 'known' })
  for (let i = 0; i < 50_000; i++) sharedLabels({ app: `app-${i}` })
  expect(sharedLabels({ app: 'known' })).toEqual(known)
  expect(sharedLabels({ app: 'known' })).not.toBe(known)
  expect(labelsOf(withLabel(begun, 'env', 'x'))).toEqual({ app: 'begun', env: 'x', service_name: 'begun' })
})

it('does not remember long values', () => {
  const long = { app: 'x'.repeat(1000) }
  expect(sharedLabels(long)).toEqual(sharedLabels(long))
  expect(sharedLabels(long)).not.toBe(sharedLabels(long))
})
