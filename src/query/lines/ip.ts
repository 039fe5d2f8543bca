// Finds addresses in text and tells whether one is within a pattern: an address, a range `a-b` or a block `a/n`, of
// IPv4 or IPv6 (RFC 4291, RFC 4632). The two families never match each other.

/** Whether the text has an address within the pattern. */
export type IpMatcher = (text: string) => boolean

interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

/** A run that may be an address: digits and dots, or hexadecimal digits around a colon. */
const CANDIDATE = /\d{1,3}\.[\d.]+|[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]+/g
const IPV4 = /\d{1,3}(?:\.\d{1,3}){3}/g

/** A longer run is no address, whatever stands behind it. */
const RUN = 64

/** Undefined where the pattern is none. */
export function compileIp(pattern: string): IpMatcher | undefined {
  const bounds = boundsOf(pattern.trim())
  if (!bounds) return undefined
  const { bits, first, last } = bounds
  const within = (text: string): boolean => {
    const address = parseAddress(text)
    return address !== undefined && address.bits === bits && address.value >= first && address.value <= last
  }
  return (text) => {
    for (const [run] of text.matchAll(CANDIDATE)) {
      // A full stop or colon may end a sentence or a field behind an address.
      if (run.length <= RUN && (within(run) || within(run.replace(/[.:]+$/, '')))) return true
      if (bits === 32 && run.includes(':') && (run.match(IPV4) ?? []).some(within)) return true
    }
    return false
  }
}

function boundsOf(pattern: string): { bits: 32 | 128; first: bigint; last: bigint } | undefined {
  const [from = '', to, extra] = pattern.split('-')
  if (to !== undefined) {
    const [low, high] = [parseAddress(from), parseAddress(to)]
    if (extra !== undefined || !low || low.bits !== high?.bits || low.value > high.value) return undefined
    return { bits: low.bits, first: low.value, last: high.value }
  }
  const [base = '', length, more] = pattern.split('/')
  const address = parseAddress(base)
  if (!address || more !== undefined) return undefined
  const { bits, value } = address
  if (length === undefined) return { bits, first: value, last: value }
  if (!/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) return undefined
  const free = BigInt(bits - Number(length))
  const first = (value >> free) << free
  return { bits, first, last: first + (1n << free) - 1n }
}

function parseAddress(text: string): Address | undefined {
  const value = text.includes(':') ? parseIpv6(text) : parseIpv4(text)
  return value === undefined ? undefined : { bits: text.includes(':') ? 128 : 32, value }
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.length > 15 ? [] : text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    // A leading zero would be octal to some and decimal to others.
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    value = value * 256 + Number(part)
  }
  return BigInt(value)
}

function parseIpv6(text: string): bigint | undefined {
  if (text.length > 45) return undefined
  const [head = '', tail, extra] = text.split('::')
  if (extra !== undefined) return undefined
  const before = groupsOf(head, tail === undefined)
  const after = tail === undefined ? [] : groupsOf(tail, true)
  if (!before || !after) return undefined
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  return [...before, ...Array.from({ length: missing }, () => 0n), ...after].reduce(
    (value, group) => (value << 16n) | group,
    0n,
  )
}

/** Groups of 16 bits; the last two may be written as an IPv4 address. */
function groupsOf(text: string, last: boolean): bigint[] | undefined {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    const embedded = last && i === parts.length - 1 && part.includes('.') ? parseIpv4(part) : undefined
    if (embedded !== undefined) groups.push(embedded >> 16n, embedded & 0xffffn)
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`))
    else return undefined
  }
  return groups
}
