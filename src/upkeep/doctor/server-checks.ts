// Checks of the running server: whether it answers, is of this version, and has what it needs.
import { readFile, stat } from 'node:fs/promises'
import { readMachine } from '../../config/machine.js'
import { keysFile } from '../../config/paths.js'
import { bytesText, countOf } from '../../format/amounts.js'
import { type Check, ok, warning, wrong } from './check.js'
import { connects } from './reach.js'

const running: Check = {
  name: 'server',
  applies: () => true,
  look: ({ health, server, url, trouble }) => {
    if (health && server) return ok(`version ${health.version}, process ${server.pid}`)
    if (health)
      return wrong(
        trouble ?? 'it answers, and refuses this key',
        'name a key that may read: --key or LOGCTL_KEY',
      )
    if (url !== undefined)
      return wrong(trouble ?? `${url} does not answer`, 'see the checks of its addresses and port')
    return warning(
      'none runs for this folder: nothing is taken in',
      'systemctl start logctl, or logctl serve',
    )
  },
}

const healthy: Check = {
  name: 'health',
  applies: ({ health }) => health !== undefined,
  look: ({ health }) => {
    const ill = (health?.checks ?? []).filter(({ status }) => status !== 'ok')
    if (ill.length === 0) return ok('every check of /health is ok')
    return wrong(
      ill.map(({ name, detail = 'not ok' }) => `${name}: ${detail}`).join('; '),
      'the log of the server says more',
    )
  },
}

const version: Check = {
  name: 'version',
  applies: ({ health }) => health !== undefined,
  look: ({ health, version }) =>
    health?.version === version
      ? ok(`${version}, here and there`)
      : warning(
          `the server runs ${health?.version}, this is ${version}`,
          'restart the server, or install its version here',
        ),
}

const ports: Check = {
  name: 'ports',
  applies: ({ server, data }) =>
    data !== undefined && (server?.listeners.some(({ kind }) => kind !== 'control') ?? false),
  async look({ server }) {
    const listeners = (server?.listeners ?? []).filter(
      ({ url }) => /^[a-z]+:\/\/[^/]+:\d+/.test(url) && !url.startsWith('udp'),
    )
    const closed: string[] = []
    for (const { url } of listeners) {
      const { hostname, port } = new URL(url.replace(/^[a-z]+:/, 'http:'))
      const host = hostname
        .replace(/^\[|\]$/g, '')
        .replace(/^(?:0\.0\.0\.0)$/, '127.0.0.1')
        .replace(/^::$/, '::1')
      if ((await connects(host, Number(port || 80))) !== undefined) closed.push(url)
    }
    return closed.length > 0
      ? wrong(`nobody can connect to ${closed.join(', ')}`, 'restart the server; ss -ltnp shows who listens')
      : ok(listeners.map(({ url }) => url).join(', '))
  },
}

const mirror: Check = {
  name: 'mirror',
  applies: ({ server }) => server?.mirror !== undefined,
  look: ({ server }) => {
    const { path = '', state, detail, behind = 0 } = server?.mirror ?? {}
    if (state === 'failed')
      return wrong(
        `${path}: ${detail ?? 'its files cannot be written'}`,
        'let the server write there, and make room',
      )
    return behind > 100_000
      ? warning(`${path} is ${behind} records behind`, 'a faster disk for it')
      : ok(`${path}, ${behind} behind`)
  },
}

const keys: Check = {
  name: 'keys',
  applies: ({ data }) => data !== undefined,
  async look({ data = '', configuredKeys }) {
    const file = keysFile(data)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    const mode = text === undefined ? 0 : (await stat(file)).mode & 0o777
    if ((mode & 0o007) !== 0) return wrong(`${file} can be read by others`, `chmod 640 ${file}`)
    const made = text === undefined ? 0 : (text.match(/"hash"/g) ?? []).length
    if (made + configuredKeys === 0)
      return warning(
        'there are none: only this machine may send',
        'logctl key create NAME, before senders elsewhere are let in',
      )
    return ok(`${countOf(made, 'key')} made here, ${configuredKeys} in the configuration`)
  },
}

const secrets: Check = {
  name: 'secrets',
  applies: () => true,
  look: ({ warnings }) => {
    const exposed = warnings.find((text) => text.includes('others may read'))
    return exposed === undefined
      ? ok('the configuration shows none to others')
      : wrong(exposed, 'chmod 600 the file')
  },
}

/** Every connection is an open file, and so is every segment and part that is read. */
const FEWEST_FILES = 4096

const openFiles: Check = {
  name: 'open files',
  applies: ({ server, data }) => server !== undefined && data !== undefined && process.platform === 'linux',
  async look({ server }) {
    const text = await readFile(`/proc/${server?.pid}/limits`, 'utf8').catch(() => '')
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1]
    if (soft === undefined) return ok('the limit of the server cannot be read by this user')
    return Number(soft) < FEWEST_FILES
      ? wrong(
          `the server may open ${soft} files: more connections are refused`,
          'LimitNOFILE=65536 in its unit, --ulimit nofile=65536:65536 in Docker',
        )
      : ok(`the server may open ${soft} files`)
  },
}

const MIB = 2 ** 20
const LEAST_MEMORY = 448 * MIB

const memory: Check = {
  name: 'memory',
  applies: ({ data }) => data !== undefined,
  look: ({ server }) => {
    const { memoryBytes, memoryOrigin } = readMachine()
    const rss = server?.memory.rss_bytes ?? 0
    const says = `${bytesText(memoryBytes)} (${memoryOrigin})${rss > 0 ? `, the server uses ${bytesText(rss)}` : ''}`
    if (rss > memoryBytes * 0.9)
      return wrong(`${says}: it may be killed`, 'more memory, or lower limits.in_flight and query.memory')
    return memoryBytes < LEAST_MEMORY
      ? warning(`${says}: too little for large queries`, 'give it 512 MiB')
      : ok(says)
  },
}

export const SERVER_CHECKS: readonly Check[] = [
  running,
  healthy,
  version,
  ports,
  mirror,
  keys,
  secrets,
  openFiles,
  memory,
]
