// Network addresses in the configuration: where to listen, which clients are meant, which server to ask.
import { BlockList, isIP } from 'node:net'

export interface Address {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
}

/** `127.0.0.1:8080`, `[::1]:8080`, `name:8080`, `:8080` (all of IPv4); undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]*)):(\d{1,5})$/i.exec(text)
  if (!match) return undefined
  const [, bracketed, plain] = match
  const port = Number(match[3])
  if (port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined
  return { host: bracketed ?? (plain || '0.0.0.0'), port }
}

export interface ListenAddress extends Address {
  /** Spoken to over TLS. */
  readonly secure: boolean
}

/** An address as `parseAddress` takes it, as it is or after `http://`; after `https://` it is for TLS. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const [, scheme = '', rest = ''] = /^(https?:\/\/)?(.*?)\/?$/i.exec(text) ?? []
  const address = parseAddress(scheme === '' ? text : rest)
  return address && { ...address, secure: scheme.toLowerCase() === 'https://' }
}

/** The text that `parseAddress` reads back. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** True when only this machine can reach the host. */
export function isLoopback(host: string): boolean {
  return host.toLowerCase() === 'localhost' || LOOPBACK(host)
}

interface Cidr {
  readonly network: string
  readonly prefix: number
  readonly family: 'ipv4' | 'ipv6'
}

/** `10.0.0.0/8`, `fd00::/8`, or one address; undefined for anything else. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^([0-9a-f:.]+)(?:\/(\d{1,3}))?$/i.exec(text)
  const version = isIP(match?.[1] ?? '')
  if (!match || version === 0) return undefined
  const bits = version === 4 ? 32 : 128
  const prefix = match[2] === undefined ? bits : Number(match[2])
  return prefix > bits
    ? undefined
    : { network: match[1] ?? '', prefix, family: version === 4 ? 'ipv4' : 'ipv6' }
}

/**
 * A test of whether a peer's address is in any of the networks. An IPv4 peer on an IPv6 socket
 * (`::ffff:10.0.0.1`, RFC 4291 §2.5.5.2) counts as IPv4. Texts that are no CIDR match nothing.
 */
export function cidrMatcher(cidrs: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const text of cidrs) {
    const cidr = parseCidr(text)
    if (cidr) list.addSubnet(cidr.network, cidr.prefix, cidr.family)
  }
  return (address) => {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
  }
}

const LOOPBACK = cidrMatcher(['127.0.0.0/8', '::1'])

/**
 * The base URL of a server, without a trailing slash; `host:port` means plain HTTP. Undefined when it is no
 * HTTP URL, or carries a password (which would be shown wherever the URL is), a query or a fragment.
 */
export function parseServerUrl(text: string): string | undefined {
  const whole = text.includes('://') ? text : `http://${text}`
  if (!/^https?:\/\/[^/\s:]/i.test(whole)) return undefined
  if (!URL.canParse(whole)) return undefined
  const { origin, pathname, username, password, search, hash } = new URL(whole)
  return username || password || search || hash ? undefined : `${origin}${pathname}`.replace(/\/+$/, '')
}
