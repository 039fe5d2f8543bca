// Which keys known_hosts knows a machine by, also where ssh-keygen hashed the names.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { fingerprint, keysOf, nameOf, remember, typeOf } from '#logctl/provision/known-hosts.js'
import { tempFolder } from '../temp-folder.js'

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIFEc7Ixyn5q2ZFz9S0Zyq1kzq9bX0oVq1mPz9nF3Y2aB'
const known = (line: string, host: string, port = 22) =>
  keysOf(`# ${line}\n\n${line}\n`, host, port).map(
    ({ type, isRevoked }) => `${type}${isRevoked ? ' revoked' : ''}`,
  )

test.each([
  ['a name', `logs.example.com ssh-ed25519 ${KEY}`, 'logs.example.com', 22, ['ssh-ed25519']],
  [
    'one of several names',
    `a,logs.example.com,b ssh-rsa ${KEY} comment`,
    'LOGS.example.com',
    22,
    ['ssh-rsa'],
  ],
  ['another port', `logs.example.com ssh-ed25519 ${KEY}`, 'logs.example.com', 2222, []],
  ['its port', `[logs.example.com]:2222 ssh-ed25519 ${KEY}`, 'logs.example.com', 2222, ['ssh-ed25519']],
  ['a pattern', `*.example.com,!db.example.com ssh-ed25519 ${KEY}`, 'web.example.com', 22, ['ssh-ed25519']],
  ['what a pattern leaves out', `*.example.com,!db.example.com ssh-ed25519 ${KEY}`, 'db.example.com', 22, []],
  ['a dot is no wildcard', `a.b ssh-ed25519 ${KEY}`, 'axb', 22, []],
  ['a revoked key', `@revoked * ssh-ed25519 ${KEY}`, 'x', 22, ['ssh-ed25519 revoked']],
  ['an authority', `@cert-authority * ssh-ed25519 ${KEY}`, 'x', 22, []],
  ['half a line', 'x ssh-ed25519', 'x', 22, []],
])('%s', (...[, line, host, port, types]) => {
  expect(known(line, host, port)).toEqual(types)
})

test('a hashed name', () => {
  // As `ssh-keygen -H` writes it.
  const line = hashed('example.com', 'c29tZXNhbHRzb21lc2FsdHM=')
  expect(known(line, 'example.com')).toEqual(['ssh-ed25519'])
  expect(known(line, 'example.org')).toEqual([])
})

function hashed(name: string, salt: string): string {
  return `|1|${salt}|${hmac(name, salt)} ssh-ed25519 ${KEY}`
}

function hmac(name: string, salt: string): string {
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64')
}

test('what is remembered is known', async () => {
  const file = path.join(tempFolder(), '.ssh', 'known_hosts')
  const key = Buffer.from(KEY, 'base64')
  await remember(file, nameOf('10.0.0.1', 2222), key)
  await remember(file, nameOf('Web', 22), key)
  const text = readFileSync(file, 'utf8')
  expect(keysOf(text, '10.0.0.1', 2222)).toEqual([{ type: 'ssh-ed25519', key: KEY, isRevoked: false }])
  expect(keysOf(text, 'web', 22)).toHaveLength(1)
  expect(typeOf(key)).toBe('ssh-ed25519')
  expect(fingerprint(key)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/)
})
