// How many connections there may be, of one address and of all, and which one goes where there is no room.
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { trackConnections } from '#logctl/server/connections.js'

/** A socket that says where it comes from, which is all that is asked of it. */
function from(remoteAddress: string): Socket {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress })
  return socket
}

test('an address has its own limit, but for those that speak for many', () => {
  const limits = { total: 5, perAddress: 2, isShared: (address: string) => address === '127.0.0.1' }
  const connections = trackConnections(limits, () => true)
  const admitted = [
    '10.0.0.1',
    '::ffff:10.0.0.1',
    '10.0.0.1',
    '127.0.0.1',
    '127.0.0.1',
    '127.0.0.1',
    '10.0.0.2',
  ]
  expect(admitted.map((address) => connections.admit(from(address)))).toEqual([
    true,
    true,
    false,
    true,
    true,
    true,
    false,
  ])
  expect(connections.size).toBe(5)
})

test('a connection that closed makes room for its address', () => {
  const connections = trackConnections({ total: 5, perAddress: 1, isShared: () => false }, () => true)
  const first = from('10.0.0.1')
  expect(connections.admit(first)).toBe(true)
  expect(connections.admit(from('10.0.0.1'))).toBe(false)
  first.emit('close')
  expect(connections.admit(from('10.0.0.1'))).toBe(true)
})
