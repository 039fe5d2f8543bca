// The section `server`: where the long-lived process listens, whom it trusts, and how it talks.
import { z } from 'zod'
import { parseAddress, parseCidr, parseListenAddress } from '../address.js'
import { choice, count, flag, list, onOff, timer } from '../leaf.js'

const addresses = () =>
  list(
    'addresses such as 127.0.0.1:8080 or [::1]:8080',
    (item): item is string => parseAddress(item) !== undefined,
  )
const listenAddresses = () =>
  list(
    'addresses such as 127.0.0.1:8080, [::1]:8080 or https://0.0.0.0:8443',
    (item): item is string => parseListenAddress(item) !== undefined,
  )
const networks = () =>
  list('networks such as 10.0.0.0/8 or 192.168.1.7', (item): item is string => parseCidr(item) !== undefined)

export const serverSection = z.strictObject({
  listen: listenAddresses()
    .prefault(['127.0.0.1:8080'])
    .describe('Addresses for HTTP, or after https:// for TLS; port 0 takes a free one.'),
  metrics_listen: addresses()
    .prefault([])
    .describe('Addresses that answer /metrics and nothing else; /metrics is also open to loopback.'),
  grpc_listen: listenAddresses()
    .prefault([])
    .describe('Addresses for gRPC, or after https:// for TLS: Vector and OTLP.'),
  auth: onOff().prefault('on').describe('off opens every door to everybody who can reach it.'),
  open_to: networks().prefault([]).describe('Networks whose clients need no key.'),
  trusted_proxies: networks()
    .prefault([])
    .describe('Proxies whose X-Forwarded-For and CF-Connecting-IP are believed.'),
  read_timeout: timer().prefault('10s').describe('How long a client may be silent within a request.'),
  write_timeout: timer().prefault('10s').describe('How long a client may take nothing of an answer.'),
  idle_timeout: timer().prefault('75s').describe('How long a connection without a request is kept.'),
  shutdown_timeout: timer().prefault('25s').describe('How long requests may finish after SIGTERM.'),
  max_connections: count({ min: 1, max: 1_000_000 })
    .prefault(10_000)
    .describe('Connections open at once; where there is no room the longest idle one is ended.'),
  max_connections_per_address: count({ min: 1, max: 1_000_000 })
    .prefault(1000)
    .describe('Connections of one client address, but for this machine and trusted proxies.'),
  grpc_max_connections: count({ min: 1, max: 1_000_000 })
    .prefault(1000)
    .describe('Connections of a gRPC listener open at once.'),
  log_level: choice('trace', 'debug', 'info', 'warn', 'error', 'fatal')
    .prefault('info')
    .describe("The least level of the server's own log."),
  log_format: choice('auto', 'text', 'json')
    .prefault('auto')
    .describe("The form of the server's own log; auto is text on a terminal, else json."),
  echo: flag().prefault(false).describe('Print every accepted record to standard output.'),
})
