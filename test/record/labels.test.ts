// Label sets: canonical form, key, service_name.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalLabels, labelsKey, serviceNameOf, UNKNOWN_SERVICE } from '#logctl/record/labels.js'

it('takes service_name from the first label that Loki would', () => {
  expect(serviceNameOf({ job: 'j', app: 'a', service: 's' })).toBe('s')
  expect(serviceNameOf({ job: 'j', app: 'a', service: '' })).toBe('a')
  expect(serviceNameOf({ host: 'h' })).toBe(UNKNOWN_SERVICE)
  expect(canonicalLabels({ app: 'a' })).toMatchObject({ app: 'a', service_name: 'a' })
  expect(canonicalLabels({ app: 'a', service_name: 'sent' })['service_name']).toBe('sent')
  expect(canonicalLabels({ app: 'a', service_name: '' })['service_name']).toBe('a')
})

it('sorts names and drops empty values', () => {
  expect(Object.keys(canonicalLabels({ z: '1', a: '2', m: '' }))).toEqual(['a', 'service_name', 'z'])
})

it('gives equal sets one key and different sets different ones', () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'a', 'b', '1'))
  const pairs = fc.uniqueArray(fc.tuple(name, fc.string({ minLength: 1 })), {
    selector: ([key]) => key,
    maxLength: 6,
  })
  fc.assert(
    fc.property(pairs, pairs, (left, right) => {
      const equal = JSON.stringify(sorted(left)) === JSON.stringify(sorted(right))
      expect(keyOf(left.toReversed())).toBe(keyOf(left))
      if (!left.concat(right).some(([key]) => key === 'service_name'))
        expect(keyOf(left) === keyOf(right)).toBe(equal)
    }),
  )
})

it('keeps names that every object has, and has none by itself', () => {
  const labels = canonicalLabels(
    objectOf([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]),
  )
  expect(JSON.parse(JSON.stringify(labels))).toHaveProperty('constructor', 'c')
  expect(JSON.stringify(labels)).toBe('{"__proto__":"p","constructor":"c","service_name":"unknown_service"}')
  expect(labels['toString']).toBeUndefined()
})

function keyOf(pairs: readonly [string, string][]): string {
  return labelsKey(canonicalLabels(objectOf(pairs)))
}

function objectOf(pairs: readonly [string, string][]): Record<string, string> {
  const object = Object.create(null) as Record<string, string>
  for (const [key, value] of pairs) object[key] = value
  return object
}

function sorted(pairs: readonly [string, string][]): [string, string][] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}
