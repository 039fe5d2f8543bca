// nginx in front of a log server: files that it refuses, and answers that it holds back.
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import { everyDirective, type NginxDirective, readNginx } from '../readers/nginx.js'

type Nginx = readonly NginxDirective[]

function named(tree: Nginx, name: string): NginxDirective[] {
  return [...everyDirective(tree)].filter((directive) => directive.name === name)
}

function* unknownZone(tree: Nginx): Generator<Remark> {
  for (const kind of ['limit_req', 'limit_conn']) {
    const made = new Set(named(tree, `${kind}_zone`).map(({ args }) => zoneIn(args)))
    for (const { args, at } of named(tree, kind)) {
      const zone = kind === 'limit_req' ? zoneIn(args) : args[0]
      if (zone !== undefined && !made.has(zone))
        yield {
          at,
          says: `no ${kind}_zone makes the zone ${zone}, here at least: nginx refuses its configuration`,
          instead: `${kind}_zone $binary_remote_addr zone=${zone}:10m${kind === 'limit_req' ? ' rate=100r/s' : ''}; beside the server`,
        }
    }
  }
}

function zoneIn(args: readonly string[]): string | undefined {
  return args.map((arg) => /^zone=([^:]+)/.exec(arg)?.[1]).find((zone) => zone !== undefined)
}

function* listenHttp2(tree: Nginx): Generator<Remark> {
  for (const { args, at } of named(tree, 'listen'))
    if (args.includes('http2'))
      yield {
        at,
        says: 'http2 on listen is deprecated since nginx 1.25.1',
        instead: 'a line of its own: http2 on;',
      }
}

function* noCertificate(tree: Nginx): Generator<Remark> {
  const hasShared =
    named(
      tree.filter(({ name }) => name !== 'server'),
      'ssl_certificate',
    ).length > 0
  for (const { block, at } of named(tree, 'server')) {
    const listens = (block ?? []).filter(({ name }) => name === 'listen')
    const isTls = listens.some(({ args }) => args.includes('ssl') || args.includes('quic'))
    const hasOwn = (block ?? []).some(({ name }) => name === 'ssl_certificate' || name === 'include')
    if (isTls && !hasOwn && !hasShared)
      yield {
        at,
        says: 'it listens with ssl and has no ssl_certificate: every handshake fails',
        instead: 'ssl_certificate and ssl_certificate_key',
      }
  }
}

const RULES: readonly Rule<Nginx>[] = [
  { name: 'unknown-zone', severity: 'error', about: 'limits by a zone that nobody makes', find: unknownZone },
  { name: 'listen-http2', severity: 'warning', about: 'http2 where it is deprecated', find: listenHttp2 },
  { name: 'no-certificate', severity: 'error', about: 'TLS without a certificate', find: noCertificate },
]

export const nginx = format({
  kind: 'nginx',
  claims: ({ path, text }) =>
    /(?:^|\/)nginx/.test(path) || /^\s*(?:server|http|upstream\s+\S+|location\s+[^{]+)\s*\{/m.test(text),
  read: readNginx,
  rules: RULES,
})
