// Addresses, networks and server URLs as they may be written.
import {
  cidrMatcher,
  formatAddress,
  isLoopback,
  parseAddress,
  parseCidr,
  parseListenAddress,
  parseServerUrl,
} from '#logctl/config/address.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

test.each([
  ['127.0.0.1:8080', '127.0.0.1', 8080],
  [':0', '0.0.0.0', 0],
  ['[::1]:443', '::1', 443],
  ['logs.example.com:80', 'logs.example.com', 80],
])('%s is an address', (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port })
})

test.each([
  '8080',
  'host',
  'host:',
  '::1:80',
  '[::1]',
  '[1.2.3.4]:80',
  'host:65536',
  'http://host:80',
  'a b:80',
  '',
])('"%s" is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined()
})

test.each([
  ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080, secure: false }],
  ['http://127.0.0.1:8080', { host: '127.0.0.1', port: 8080, secure: false }],
  ['https://[::]:443', { host: '::', port: 443, secure: true }],
  ['HTTPS://:8443/', { host: '0.0.0.0', port: 8443, secure: true }],
  ['https://host', undefined],
  ['https://host:1/path', undefined],
  ['127.0.0.1:8080/', undefined],
  ['ftp://host:1', undefined],
  ['', undefined],
])('%s to listen on', (text, address) => {
  expect(parseListenAddress(text)).toEqual(address)
})

test('an address prints and reads back alike', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), fc.nat(65_535), (host, port) => {
      expect(parseAddress(formatAddress({ host, port }))).toEqual({ host, port })
    }),
  )
})

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['logs.example.com', false],
])('loopback of %s is %s', (host, loopback) => {
  expect(isLoopback(host)).toBe(loopback)
})

test.each(['10.0.0.0/8', '10.1.2.3', 'fd00::/8', '::1', '0.0.0.0/0'])('%s is a network', (text) => {
  expect(parseCidr(text)).toBeDefined()
})

test.each(['10.0.0.0/33', '10.0.0', 'fd00::/129', '10.0.0.0/', 'host/8', '', '10.0.0.0/-1'])(
  '"%s" is no network',
  (text) => {
    expect(parseCidr(text)).toBeUndefined()
  },
)

test('a matcher knows its networks, also through an IPv6 socket, and nothing else', () => {
  const matches = cidrMatcher(['10.0.0.0/8', '192.168.1.7', 'fd00::/8', 'nonsense'])
  const asked = [
    '10.255.0.1',
    '::ffff:10.0.0.1',
    '192.168.1.7',
    'fd12::1',
    '192.168.1.8',
    '11.0.0.1',
    'fe80::1',
    '',
    'x',
  ]
  expect(asked.map(matches)).toEqual([true, true, true, true, false, false, false, false, false])
  expect(cidrMatcher([])('127.0.0.1')).toBe(false)
})

test.each([
  ['https://logs.example.com/', 'https://logs.example.com'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['localhost:8080', 'http://localhost:8080'],
  ['https://example.com/logs/', 'https://example.com/logs'],
])('%s is the server %s', (text, url) => {
  expect(parseServerUrl(text)).toBe(url)
})

test.each(['', 'ftp://x', 'https://u:p@x', 'https://x?a=1', 'https://x#a', 'http://', '/path', 'a b'])(
  '"%s" is no server',
  (text) => {
    expect(parseServerUrl(text)).toBeUndefined()
  },
)
