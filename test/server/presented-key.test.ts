// Every form in which a key may be presented, and what is no key.
import { MAX_PRESENTED_CHARS, presentedKey } from '#logctl/server/presented-key.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

test.each([
  ['Bearer', { authorization: 'Bearer lk_abc' }],
  ['bearer, any case', { authorization: 'bEARER   lk_abc ' }],
  ['Basic with any user', { authorization: `Basic ${base64('drain:lk_abc')}` }],
  ['Basic without user', { authorization: `Basic ${base64(':lk_abc')}` }],
  ['Basic with the key as user', { authorization: `basic ${base64('lk_abc:')}` }],
  ['Basic with the key alone', { authorization: `Basic ${base64('lk_abc')}` }],
  ['Basic without padding', { authorization: `Basic ${base64('drain:lk_abc').replace(/=+$/, '')}` }],
  ['Splunk', { authorization: 'Splunk lk_abc' }],
  ['ApiKey raw', { authorization: 'ApiKey lk_abc' }],
  ['ApiKey id:key', { authorization: `ApiKey ${base64('some-id:lk_abc')}` }],
  ['apikey, any case', { authorization: `APIKEY ${base64('some-id:lk_abc')}` }],
  ['X-API-Key', { 'x-api-key': ' lk_abc ' }],
  ['DD-API-KEY', { 'dd-api-key': 'lk_abc' }],
  ['of two the first', { 'x-api-key': ['lk_abc', 'other'], 'dd-api-key': ['third'] }],
  ['of two authorizations the first', { authorization: ['Bearer lk_abc', 'Bearer other'] }],
  [
    'X-API-Key before what a proxy says',
    { authorization: `Basic ${base64('proxy:pw')}`, 'x-api-key': 'lk_abc' },
  ],
  ['an empty X-API-Key does not hide another', { 'x-api-key': '', authorization: 'Bearer lk_abc' }],
])('%s', (_, headers) => {
  expect(presentedKey(headers)).toBe('lk_abc')
})

test.each([
  ['nothing', {}],
  ['an empty header', { authorization: '' }],
  ['a scheme without a key', { authorization: 'Bearer ' }],
  ['a key without a scheme', { authorization: 'lk_abc' }],
  ['another scheme', { authorization: 'Digest username="lk_abc"' }],
  ['Basic that is no base64', { authorization: 'Basic lk:abc!' }],
  ['Basic with nothing in it', { authorization: `Basic ${base64(':')}` }],
  ['a header beyond the limit', { 'x-api-key': 'x'.repeat(MAX_PRESENTED_CHARS + 1) }],
  ['an authorization beyond the limit', { authorization: `Bearer ${'x'.repeat(MAX_PRESENTED_CHARS)}` }],
  ['no header of that name', { 'x-api-key': [] }],
])('no key: %s', (_, headers) => {
  expect(presentedKey(headers)).toBeUndefined()
})

test('a password keeps its colons, spaces and letters beyond ASCII', () => {
  expect(presentedKey({ authorization: `Basic ${base64('u:a:b ü')}` })).toBe('a:b ü')
})

test('a raw ApiKey that happens to be base64 stays whole', () => {
  for (const key of ['deadbeef'.repeat(8), 'your-api-key-1', 'lk_AAAA', base64('no colon here')]) {
    expect(presentedKey({ authorization: `ApiKey ${key}` })).toBe(key)
  }
})

test('keys that logctl makes pass through every form', () => {
  const made = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => `lk_${Buffer.from(bytes).toString('base64url')}`)
  fc.assert(
    fc.property(made, (key) => {
      for (const authorization of [
        `Bearer ${key}`,
        `Splunk ${key}`,
        `ApiKey ${key}`,
        `ApiKey ${base64(`id:${key}`)}`,
        `Basic ${base64(`u:${key}`)}`,
      ]) {
        expect(presentedKey({ authorization })).toBe(key)
      }
    }),
  )
})

test('no header makes it throw, or gives a key beyond the limit', () => {
  const header = fc.oneof(
    fc.string(),
    fc.string().map((text) => `Basic ${base64(text)}`),
    fc.string().map((text) => `ApiKey ${text}`),
  )
  fc.assert(
    fc.property(header, fc.array(header), (authorization, keys) => {
      const key = presentedKey({ authorization, 'x-api-key': keys })
      expect(key === undefined || (key.length > 0 && key.length <= MAX_PRESENTED_CHARS)).toBe(true)
    }),
  )
})
