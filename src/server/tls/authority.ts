// The private authority of a data folder: its key signs the certificates of senders, and that of the server where it
// has no other. Node reads certificates but makes none, so that a library does.
import { randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { tlsFolder } from '../../config/paths.js'
import { errnoOf, fail, messageOf } from '../../errors.js'
import { withFileLock } from '../key-lock.js'
import { judgedCertificate } from './certificate.js'
import { makeTlsFolder, writeSecretFile } from './tls-folder.js'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const AUTHORITY_MS = 10 * 365 * 86_400_000
/** Clocks of senders may be behind. */
const BACKDATED_MS = 3_600_000
/** Random bits of a serial number (RFC 5280 §4.1.2.2 allows 20 bytes). */
const SERIAL_BYTES = 16

export interface Authority {
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly key: string
}

export interface Issue {
  readonly commonName: string
  /** Empty for clients. */
  readonly names: readonly string[]
  readonly usage: 'server' | 'client'
  readonly nowMs: number
  readonly lifetimeMs: number
}

export interface Issued {
  /** PEM. */
  readonly certificate: string
  /** PEM, PKCS #8. */
  readonly key: string
  /** SHA-256, in hex with colons. */
  readonly fingerprint: string
  readonly notAfterMs: number
}

export function authorityFiles(dataFolder: string): { readonly certificate: string; readonly key: string } {
  const folder = tlsFolder(dataFolder)
  return { certificate: join(folder, 'ca.pem'), key: join(folder, 'ca.key') }
}

/** The authority of the folder, undefined where none was made. Throws DATA_DAMAGED or DATA_UNREADABLE. */
export async function readAuthority(dataFolder: string): Promise<Authority | undefined> {
  const files = authorityFiles(dataFolder)
  const [certificate, key] = await Promise.all([textOf(files.certificate), textOf(files.key)])
  if (certificate === undefined) return undefined
  if (key === undefined) return fail('DATA_DAMAGED', `${files.key} is missing`, { hints: HINTS })
  try {
    judgedCertificate(certificate, key, files.certificate)
  } catch (error) {
    fail('DATA_DAMAGED', messageOf(error), { cause: error, hints: HINTS })
  }
  return { certificate, key }
}

const HINTS = [
  'restore it from a backup',
  'or move it away: a new authority is made, and senders need new files',
]

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    return fail('DATA_UNREADABLE', `${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

/** The authority of the folder, made where there is none. */
export async function openAuthority(dataFolder: string, nowMs: number): Promise<Authority> {
  const known = await readAuthority(dataFolder)
  if (known) return known
  const folder = await makeTlsFolder(dataFolder)
  return withFileLock(join(folder, 'ca.pem'), async () => {
    // Another process may have been quicker.
    const made = (await readAuthority(dataFolder)) ?? (await makeAuthority(nowMs))
    const files = authorityFiles(dataFolder)
    // The certificate comes last: where it is there, the key is too.
    await writeSecretFile(dataFolder, files.key, made.key)
    await writeSecretFile(dataFolder, files.certificate, made.certificate)
    return made
  })
}

async function makeAuthority(nowMs: number): Promise<Authority> {
  const x509 = await import('@peculiar/x509')
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // Two authorities of one machine are told apart where both are believed.
    name: [{ CN: [`logctl of ${hostname()} ${randomBytes(3).toString('hex')}`.slice(0, 64)] }],
    notBefore: new Date(nowMs - BACKDATED_MS),
    notAfter: new Date(nowMs + AUTHORITY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: `${certificate.toString('pem')}\n`, key: await pemOf(keys.privateKey) }
}

/** A new key with its certificate. */
export async function issueCertificate(authority: Authority, issue: Issue): Promise<Issued> {
  const x509 = await import('@peculiar/x509')
  const signer = new x509.X509Certificate(authority.certificate)
  const keys = await makeKeys()
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage
  const notAfterMs = Math.min(issue.nowMs + issue.lifetimeMs, signer.notAfter.getTime())
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [issue.commonName] }],
    issuer: signer.subjectName.toJSON(),
    notBefore: new Date(issue.nowMs - BACKDATED_MS),
    notAfter: new Date(notAfterMs),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([issue.usage === 'server' ? serverAuth : clientAuth]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(signer),
      ...(issue.names.length > 0 ? [new x509.SubjectAlternativeNameExtension(issue.names.map(general))] : []),
    ],
  })
  const pem = `${certificate.toString('pem')}\n`
  return {
    certificate: pem,
    key: await pemOf(keys.privateKey),
    fingerprint: new X509Certificate(pem).fingerprint256,
    notAfterMs: certificate.notAfter.getTime(),
  }
}

function general(name: string): { type: 'dns' | 'ip'; value: string } {
  return { type: isIP(name) === 0 ? 'dns' : 'ip', value: name }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

/** Positive, and of its full length. */
function serialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES)
  bytes[0] = (bytes.readUInt8(0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
}

function signingKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64')
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign'])
}
