// The file known_hosts: which keys a machine is known by.
import { createHash, createHmac } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'

export interface KnownKey {
  /** `ssh-ed25519` and so on. */
  readonly type: string
  /** base64. */
  readonly key: string
  readonly isRevoked: boolean
}

/** The keys that a machine is known by, in the files' order. A file that is not there knows none. */
export async function knownKeys(
  files: readonly string[],
  host: string,
  port: number,
): Promise<readonly KnownKey[]> {
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  return texts.flatMap((text) => keysOf(text, host, port))
}

export function keysOf(text: string, host: string, port: number): readonly KnownKey[] {
  return text.split('\n').flatMap((line) => {
    const words = line.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined
    const [hosts = '', type, key] = words
    // Authorities of certificates are not keys of machines.
    if (hosts.startsWith('#') || type === undefined || key === undefined || marker === '@cert-authority')
      return []
    return matches(hosts, nameOf(host, port)) ? [{ type, key, isRevoked: marker === '@revoked' }] : []
  })
}

/** How the file names a machine: the port only where it is not ssh's own. */
export function nameOf(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`
}

function matches(patterns: string, name: string): boolean {
  const all = patterns.split(',')
  if (all.some((pattern) => pattern.startsWith('!') && matchesOne(pattern.slice(1), name))) return false
  return all.some((pattern) => !pattern.startsWith('!') && matchesOne(pattern, name))
}

function matchesOne(pattern: string, name: string): boolean {
  const [, salt, hash] = /^\|1\|([^|]+)\|(.+)$/.exec(pattern) ?? []
  if (salt !== undefined)
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash
  const source = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`).test(name)
}

/** Adds the key that a machine showed. */
export async function remember(file: string, name: string, key: Buffer): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const text = await readFile(file, 'utf8').catch(() => '')
  const start = text === '' || text.endsWith('\n') ? '' : '\n'
  await appendFile(file, `${start}${name} ${typeOf(key)} ${key.toString('base64')}\n`, { mode: 0o600 })
}

/** A key's own first field. */
export function typeOf(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')
}

/** As `ssh-keygen -l` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}
