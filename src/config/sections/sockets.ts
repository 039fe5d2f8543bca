// The sections of the doors that are no HTTP: where they listen, whom they take messages from, and whose they are.
import { z } from 'zod'
import { parseAddress, parseCidr } from '../address.js'
import { list, secret } from '../leaf.js'
import { tenant } from './ingest.js'

const LOOPBACK = ['127.0.0.0/8', '::1']

const addresses = () =>
  list(
    'addresses such as 0.0.0.0:5514 or [::]:5514',
    (item): item is string => parseAddress(item) !== undefined,
  )
const networks = () =>
  list('networks such as 10.0.0.0/8 or 192.168.1.7', (item): item is string => parseCidr(item) !== undefined)

export const syslogSection = z.strictObject({
  listen: addresses()
    .prefault([])
    .describe('Addresses for syslog, UDP and TCP alike; port 0 takes a free one.'),
  allow: networks().prefault(LOOPBACK).describe('Networks whose messages are taken; syslog knows no keys.'),
  tenant: tenant().optional().describe('The tenant of all that comes in by syslog; none where absent.'),
})

export const forwardSection = z.strictObject({
  listen: addresses()
    .prefault([])
    .describe("Addresses for Fluent's forward protocol over TCP; port 0 takes a free one."),
  allow: networks().prefault(LOOPBACK).describe('Networks whose events are taken.'),
  tenant: tenant().optional().describe('The tenant of all that comes in by forward; none where absent.'),
  shared_key: secret()
    .optional()
    .describe('What senders must know, where it is given. Better in a variable.'),
})
