// Checks of the way to a server, as a sender goes it: its name, each of its addresses, its certificate.
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { authorities } from '../../client/authorities.js'
import { durationText } from '../../format/amounts.js'
import { errnoOf, messageOf } from '../../errors.js'
import { type Check, ok, type Patient, type Verdict, warning, wrong } from './check.js'
import { connects } from './reach.js'

interface Place {
  readonly host: string
  readonly port: number
  readonly isTls: boolean
}

function placeOf({ url = '' }: Patient): Place {
  const { hostname, port, protocol } = new URL(url)
  const isTls = protocol === 'https:'
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (isTls ? 443 : 80)), isTls }
}

const addresses: Check = {
  name: 'addresses',
  applies: ({ url }) => url !== undefined,
  async look(patient) {
    const { host, port } = placeOf(patient)
    const found = await lookup(host, { all: true }).catch(
      (error: unknown) => errnoOf(error) ?? messageOf(error),
    )
    if (typeof found === 'string')
      return wrong(`${host} has no address (${found})`, 'set its A record, or mend /etc/resolv.conf')
    const tried = await Promise.all(
      found.map(async ({ address, family }) => ({ address, family, why: await connects(address, port) })),
    )
    return reached(host, port, tried)
  },
}

interface Tried {
  readonly address: string
  readonly family: number
  readonly why: string | undefined
}

function reached(host: string, port: number, tried: readonly Tried[]): Verdict {
  const failed = tried.filter(({ why }) => why !== undefined)
  const says = failed.map(({ address, why }) => `${address} (${why})`).join(', ')
  if (failed.length === 0)
    return ok(`${tried.map(({ address }) => address).join(', ')} take connections on port ${port}`)
  if (failed.length === tried.length)
    return wrong(
      `no connection to port ${port} of ${says}`,
      'logctl status on the server; then its firewall, and that of its provider',
    )
  const isStale = failed.every(({ family }) => family === 6)
  return wrong(
    `of the addresses of ${host} these do not answer on port ${port}: ${says}; senders that try them first fail`,
    isStale
      ? 'remove the AAAA record, or listen on IPv6 too'
      : 'remove the record of the address that is gone',
  )
}

const DAY_MS = 86_400_000

/** Renewal has failed for a while when so little is left. */
const SOON_MS = 14 * DAY_MS

const certificate: Check = {
  name: 'certificate',
  applies: (patient) => patient.url !== undefined && placeOf(patient).isTls,
  async look(patient) {
    const { host, port } = placeOf(patient)
    const socket = await handshake({ host, port, ca: patient.ca }).catch((error: unknown) => messageOf(error))
    if (typeof socket === 'string')
      return wrong(`no TLS on port ${port}: ${socket}`, 'name the right port, or http:// where there is none')
    return certificateVerdict(socket, patient.nowMs)
  },
}

const PATIENCE_MS = 5000

function handshake({
  host,
  port,
  ca,
}: {
  host: string
  port: number
  ca: string | undefined
}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) ? {} : { servername: host }
    // A certificate that is not trusted is looked at all the same, to say why.
    const socket = connect({
      host,
      port,
      ...name,
      ...authorities(ca),
      rejectUnauthorized: false,
    })
    socket.setTimeout(PATIENCE_MS, () =>
      socket.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)),
    )
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
  })
}

function certificateVerdict(socket: TLSSocket, nowMs: number): Verdict {
  const { valid_to: validTo, valid_from: validFrom } = socket.getPeerCertificate()
  const error: unknown = socket.authorizationError
  socket.destroy()
  const left = Date.parse(validTo) - nowMs
  if (left < 0)
    return wrong(
      `it ended ${durationText(-left)} ago`,
      'logctl cert renew on the server, or your own way of renewal',
    )
  if (Date.parse(validFrom) > nowMs)
    return wrong(`it begins at ${validFrom} only`, 'set the clock of one of the two machines')
  if (error)
    return wrong(
      `it is not trusted: ${messageOf(error)}`,
      'send the whole chain, or name its authority in client.ca',
    )
  return left < SOON_MS
    ? warning(
        `it ends in ${durationText(left)}`,
        'see why it was not renewed: renewal comes weeks before the end',
      )
    : ok(`trusted, for ${durationText(left)} more`)
}

export const NETWORK_CHECKS: readonly Check[] = [addresses, certificate]
