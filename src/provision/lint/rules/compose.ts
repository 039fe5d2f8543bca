// Docker compose files: ports open to the world, checks that cannot run, logs that fill the disk.
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import { readYaml } from '../readers/yaml.js'
import {
  entriesOf,
  type Entry,
  entryAt,
  itemsOf,
  scalarsIn,
  textAt,
  textOf,
  type Tree,
  valueAt,
} from '../tree.js'
import { isSecretName } from './secret-names.js'

function servicesOf(root: Tree): readonly Entry[] {
  return entriesOf(valueAt(root, 'services'))
}

function* oldVersion(root: Tree): Generator<Remark> {
  const version = entryAt(root, 'version')
  const says = '`version` is obsolete: compose ignores it and warns; docker-compose 1 is no longer kept up'
  if (version) yield { at: version.at, says, instead: 'remove it, and call `docker compose`' }
}

/** Ports of servers that ask nobody who he is, or only for a password. */
const INNER: Readonly<Record<string, string>> = {
  3100: 'Loki',
  5432: 'PostgreSQL',
  6379: 'Redis',
  8123: 'ClickHouse',
  8686: 'Vector’s API',
  9090: 'Prometheus',
  9093: 'Alertmanager',
  9200: 'Elasticsearch',
  9598: 'Vector’s metrics',
  27017: 'MongoDB',
}

function* openPorts(root: Tree): Generator<Remark> {
  for (const { value: service } of servicesOf(root))
    for (const port of itemsOf(valueAt(service, 'ports'))) {
      const { host, target } = portOf(port)
      const inner = INNER[target]
      const isLocal = host !== '' && host !== '0.0.0.0' && host !== '::' && host !== '[::]'
      if (inner !== undefined && !isLocal)
        yield {
          at: port.at,
          says: `${inner} is open to everyone who reaches this machine: a published port passes by ufw`,
          instead: `"127.0.0.1:${target}:${target}", or no ports at all: services reach each other by name`,
        }
    }
}

function portOf(port: Tree): { host: string; target: string } {
  if (port.kind === 'map') return { host: textAt(port, 'host_ip'), target: textAt(port, 'target') }
  const [, host = '', target = ''] =
    /^(?:(\[[^\]]*\]|[\d.]+):)?(?:[\d-]*:)?(\d+)(?:\/\w+)?$/.exec(textOf(port)) ?? []
  return { host: textOf(port).includes(`${host}:`) ? host : '', target }
}

/** `grafana/loki:3.6.1` as its name and version; no version counts as the newest. */
function imageOf(service: Tree): { name: string; version: number; at: Entry | undefined } {
  const at = entryAt(service, 'image')
  const [, name = '', major, minor] =
    /^(?:docker\.io\/)?([^:@]+)(?::v?(\d+)(?:\.(\d+))?)?/.exec(textAt(service, 'image')) ?? []
  return {
    name,
    version: major === undefined ? Number.POSITIVE_INFINITY : Number(major) + Number(minor ?? 99) / 100,
    at,
  }
}

function* oldPrograms(root: Tree): Generator<Remark> {
  for (const { value: service } of servicesOf(root)) {
    const { name, version, at } = imageOf(service)
    if (at && name === 'grafana/promtail')
      yield {
        at: at.at,
        says: 'Promtail has reached its end (March 2026): no fixes, and no builds for newer Loki',
        instead: 'grafana/alloy, with `alloy convert --source-format=promtail`',
      }
    if (at && name === 'grafana/loki' && version < 3)
      yield {
        at: at.at,
        says: 'Loki 2 gets no fixes, and its keys and schemas are refused by 3',
        instead: 'grafana/loki:3.7, after `logctl config lint` of its configuration',
      }
  }
}

function* noShell(root: Tree): Generator<Remark> {
  for (const { value: service } of servicesOf(root)) {
    const { name, version } = imageOf(service)
    const check = entryAt(service, 'healthcheck.test')
    const words = itemsOf(check?.value).map(textOf).join(' ')
    // 3.03 is 3.3: wget was part of the image until 3.2.
    if (check && name === 'grafana/loki' && version >= 3.03 && /\b(?:wget|curl|sh|CMD-SHELL)\b/.test(words))
      yield {
        at: check.at,
        says: 'newer images of Loki have neither wget nor a shell: the service is never healthy, and what waits for it never starts',
        instead: 'test: ["CMD", "/usr/bin/loki", "-health"] (3.7 and newer)',
      }
  }
}

const UNITS: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }

function* smallLoki(root: Tree): Generator<Remark> {
  for (const { value: service } of servicesOf(root)) {
    const limit = entryAt(service, 'deploy.resources.limits.memory') ?? entryAt(service, 'mem_limit')
    const [, amount = '', unit = 'b'] = /^([\d.]+)\s*([bkmg])?/i.exec(textOf(limit?.value)) ?? []
    const bytes = Number(amount) * (UNITS[unit.toLowerCase()] ?? 1)
    if (limit && imageOf(service).name === 'grafana/loki' && bytes > 0 && bytes < 1024 ** 3)
      yield {
        at: limit.at,
        says: `a plain query over some days takes Loki past ${textOf(limit.value)}: it is killed, and with it what it had not written`,
        instead: 'memory: 2G, and limits_config.max_query_length',
      }
  }
}

function* unboundedLogs(root: Tree): Generator<Remark> {
  const loose = servicesOf(root).filter(({ value }) => !isBounded(value))
  const [first] = loose
  if (first)
    yield {
      at: first.at,
      says: `Docker keeps the logs of ${loose.map(({ key }) => key).join(', ')} without end, unless daemon.json says otherwise; shipping them elsewhere does not shorten them`,
      instead: 'logging: {driver: local}, or options with max-size and max-file',
    }
}

function isBounded(service: Tree): boolean {
  const driver = textAt(service, 'logging.driver') || 'json-file'
  return driver !== 'json-file' || entryAt(valueAt(service, 'logging'), 'options.max-size') !== undefined
}

function* plainDatabase(root: Tree): Generator<Remark> {
  for (const [scalar, entry] of scalarsIn(valueAt(root, 'services'))) {
    const text = textOf(scalar)
    const isOff =
      /\bsslmode=disable\b/i.test(text) || (/SSL_?MODE$/i.test(entry?.key ?? '') && text === 'disable')
    if (isOff || /SSL_?MODE=disable$/i.test(text))
      yield {
        at: scalar.at,
        says: 'passwords and logs travel to the database in plain text',
        instead: 'sslmode=verify-full; disable is fine only where both share one machine’s own network',
      }
  }
}

function* plainSecrets(root: Tree): Generator<Remark> {
  for (const { value: service } of servicesOf(root)) {
    const environment = valueAt(service, 'environment')
    const pairs = [
      ...entriesOf(environment).map(({ key, value, at }) => ({ key, text: textOf(value), at })),
      ...(environment?.kind === 'list' ? environment.items : []).map((item) => {
        const [, key = '', text = ''] = /^([^=]*)=(.*)$/.exec(textOf(item)) ?? []
        return { key, text, at: item.at }
      }),
    ]
    for (const { key, text, at } of pairs)
      if (isSecretName(key) && text !== '' && !text.includes('$'))
        yield {
          at,
          says: `${key} stands here for everyone who reads the file`,
          instead: `${key}: \${${key}:?} from a file .env that git does not know, or a secret`,
        }
  }
}

const RULES: readonly Rule<Tree>[] = [
  { name: 'obsolete-version', severity: 'warning', about: 'a key that compose ignores', find: oldVersion },
  { name: 'open-port', severity: 'error', about: 'inner ports open to everyone', find: openPorts },
  {
    name: 'old-program',
    severity: 'warning',
    about: 'programs that are no longer mended',
    find: oldPrograms,
  },
  { name: 'no-shell', severity: 'error', about: 'health checks that cannot run', find: noShell },
  { name: 'small-loki', severity: 'warning', about: 'limits that a query exceeds', find: smallLoki },
  { name: 'unbounded-logs', severity: 'warning', about: 'container logs without end', find: unboundedLogs },
  { name: 'plain-database', severity: 'error', about: 'databases without TLS', find: plainDatabase },
  { name: 'plain-secret', severity: 'error', about: 'secrets that everyone can read', find: plainSecrets },
]

export const compose = format({
  kind: 'compose',
  claims: ({ path, text }) =>
    /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/.test(path) || /^services:/m.test(text),
  read: readYaml,
  rules: RULES,
})
