// sysctl: settings that lower what the kernel has by default, or give away memory.
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import { type Assignment, readAssignments } from '../readers/assignments.js'

/** What Linux has by default (Debian 12, 6.1); less only takes away. */
const DEFAULTS: Readonly<Record<string, { readonly value: number; readonly harm: string }>> = {
  'fs.nr_open': {
    value: 1_048_576,
    harm: 'services and containers that ask for more files do not start (setrlimit fails)',
  },
  'fs.file-max': {
    value: 1_000_000,
    harm: 'all processes together get fewer files; systemd sets it as high as it goes',
  },
  'net.core.somaxconn': { value: 4096, harm: 'fewer connections may wait to be accepted' },
  'net.ipv4.tcp_max_syn_backlog': { value: 128, harm: 'fewer connections may be in the making' },
  'net.core.netdev_max_backlog': { value: 1000, harm: 'packets are dropped sooner' },
}

/** `net/core/somaxconn` and `-key` are written too. */
function keyOf({ key }: Assignment): string {
  return key.replace(/^-/, '').replaceAll('/', '.')
}

function* lowered(settings: readonly Assignment[]): Generator<Remark> {
  for (const setting of settings) {
    const key = keyOf(setting)
    const known = Object.hasOwn(DEFAULTS, key) ? DEFAULTS[key] : undefined
    if (known && Number(setting.value) < known.value)
      yield {
        at: setting.at,
        says: `${setting.value} is lower than the default of ${known.value}: ${known.harm}`,
        instead: 'remove it',
      }
  }
}

/** Beyond this a buffer only costs memory: 200 connections of twice this are all of a small machine. */
const LARGEST_BUFFER = 33_554_432

/** The middle value of tcp_rmem that kernels since 5.x have. */
const RECEIVE_DEFAULT = 131_072

function* buffers(settings: readonly Assignment[]): Generator<Remark> {
  for (const setting of settings) {
    const key = keyOf(setting)
    const [, middle = Number.NaN, most = Number.NaN] = setting.value.split(/\s+/).map(Number)
    if (/^net\.core\.[rw]mem_max$/.test(key) && Number(setting.value) > LARGEST_BUFFER)
      yield {
        at: setting.at,
        says: 'only programs that ask for a buffer are bound by this, and none needs so much',
        instead: `${key} = 8388608 where syslog comes in over UDP, else remove it`,
      }
    if (!/^net\.ipv4\.tcp_[rw]mem$/.test(key)) continue
    if (most > LARGEST_BUFFER || (key.endsWith('rmem') && middle < RECEIVE_DEFAULT))
      yield {
        at: setting.at,
        says: `${most > LARGEST_BUFFER ? `each connection may take ${most} bytes` : `${middle} is lower than the default of ${RECEIVE_DEFAULT}`}; the kernel sizes these by itself`,
        instead: 'remove it',
      }
  }
}

function* twice(settings: readonly Assignment[]): Generator<Remark> {
  for (const [index, setting] of settings.entries()) {
    const earlier = settings.slice(0, index).findLast((one) => keyOf(one) === keyOf(setting))
    if (earlier && earlier.value !== setting.value)
      yield {
        at: setting.at,
        says: `${keyOf(setting)} was ${earlier.value} in line ${earlier.at.line}; only this one counts`,
        instead: 'keep one of the two',
      }
  }
}

const RULES: readonly Rule<readonly Assignment[]>[] = [
  { name: 'lowered', severity: 'error', about: 'values below the default', find: lowered },
  { name: 'buffers', severity: 'warning', about: 'buffers that waste memory', find: buffers },
  { name: 'twice', severity: 'warning', about: 'settings that a later line undoes', find: twice },
]

export const sysctl = format({
  kind: 'sysctl',
  claims: ({ path, text }) =>
    /(?:^|\/)sysctl(?:\.d\/|[^/]*\.conf$)/.test(path) ||
    /^\s*-?(?:fs|net|vm|kernel)[./][\w./-]+\s*=/m.test(text),
  read: readAssignments,
  rules: RULES,
})
