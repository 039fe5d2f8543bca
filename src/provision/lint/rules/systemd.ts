// systemd units: settings that are ignored where they stand, and hardening that kills what it guards.
import { nearest } from '../../../config/nearest.js'
import type { Remark } from '../finding.js'
import { format, type LintFile, type Rule } from '../format.js'
import type { Assignment } from '../readers/assignments.js'
import { readUnit, type UnitSection } from '../readers/systemd.js'
import { isSecretName } from './secret-names.js'

type Unit = readonly UnitSection[]

const SECTIONS = 'Unit Install Service Timer Socket Path Mount Automount Swap Slice Scope'.split(' ')

const RENAMED: Readonly<Record<string, string>> = {
  MemoryLimit: 'MemoryMax',
  CPUShares: 'CPUWeight',
  StartupCPUShares: 'StartupCPUWeight',
  BlockIOWeight: 'IOWeight',
  BlockIOReadBandwidth: 'IOReadBandwidthMax',
  BlockIOWriteBandwidth: 'IOWriteBandwidthMax',
}

function settings(unit: Unit, section?: string): readonly Assignment[] {
  return unit.filter(({ name }) => section === undefined || name === section).flatMap((one) => one.settings)
}

function last(unit: Unit, key: string): Assignment | undefined {
  return settings(unit).findLast((setting) => setting.key === key)
}

const isOn = (value: string): boolean => /^(?:yes|true|on|1)$/i.test(value)

function* renamed(unit: Unit): Generator<Remark> {
  for (const { key, value, at } of settings(unit)) {
    const now = Object.hasOwn(RENAMED, key) ? RENAMED[key] : undefined
    if (now !== undefined)
      yield {
        at,
        says: `${key}= belongs to the old control groups: with the new ones it is dropped, and the limit is gone`,
        instead: key === 'MemoryLimit' ? `${now}=${value}` : `${now}=`,
      }
  }
}

function* misplaced(unit: Unit): Generator<Remark> {
  for (const { name, at } of unit)
    if (!SECTIONS.includes(name) && !name.startsWith('X-')) {
      const instead = `[${nearest(name, SECTIONS) ?? 'Service'}]`
      yield { at, says: `systemd knows no section [${name}] and ignores all of it`, instead }
    }
  for (const { key, at } of settings(unit, 'Service'))
    if (/^StartLimit(?:IntervalSec|Burst|Action)$/.test(key) && key !== 'StartLimitBurst')
      yield { at, says: `${key}= is ignored in [Service]`, instead: `move it to [Unit]` }
  for (const { key, at } of settings(unit, 'Unit'))
    if (/^(?:Restart|ExecStart|User|Environment\w*|WorkingDirectory|LimitNOFILE)$/.test(key))
      yield { at, says: `${key}= is ignored in [Unit]`, instead: 'move it to [Service]' }
}

function* noCompiler(unit: Unit): Generator<Remark> {
  const guard = last(unit, 'MemoryDenyWriteExecute')
  const runs = settings(unit, 'Service').filter(({ key }) => key === 'ExecStart')
  if (
    guard &&
    isOn(guard.value) &&
    runs.some(({ value }) => /\b(?:node|nodejs|npm|npx|bun|deno|java|logctl)\b/.test(value))
  )
    yield {
      at: guard.at,
      says: 'programs that compile while they run, as Node does, are killed at once (SIGTRAP)',
      instead: 'remove it; the other guards are worth more',
    }
}

function* hiddenHome(unit: Unit): Generator<Remark> {
  const guard = last(unit, 'ProtectHome')
  if (!guard || !/^(?:yes|true|on|1|tmpfs)$/i.test(guard.value)) return
  const binds = settings(unit).filter(({ key }) => /^Bind(?:ReadOnly)?Paths$/.test(key))
  for (const { key, value, at } of settings(unit, 'Service')) {
    const path = key.startsWith('Bind')
      ? undefined
      : /(?:^|[\s=:+-])(\/(?:home|root|run\/user)(?:\/[^\s:]*)?)/.exec(value)?.[1]
    if (path !== undefined && !binds.some((bind) => bind.value.includes(path)))
      yield {
        at,
        says: `ProtectHome= hides ${path} from the service: it does not find it`,
        instead: `BindPaths=${path} with ProtectHome=tmpfs, or a place under /var/lib`,
      }
  }
}

function* noInstance(unit: Unit, { path }: LintFile): Generator<Remark> {
  if (!/\.(?:service|socket|timer|path|mount)$/.test(path) || path.includes('@')) return
  for (const { value, at } of settings(unit)) {
    const instance = /%[iIjJ]/.exec(value)?.[0]
    if (instance !== undefined)
      yield {
        at,
        says: `${instance} is empty: the unit's name has no @, so nobody can name an instance`,
        instead: `call the file ${path.replace(/^.*\//, '').replace(/(\.\w+)$/, '@$1')}`,
      }
  }
}

function* plainSecrets(unit: Unit): Generator<Remark> {
  for (const { key, value, at } of settings(unit, 'Service'))
    if (key === 'Environment')
      for (const [, name = '', text = ''] of value.matchAll(/"?(\w+)=([^"\s]*)/g))
        if (isSecretName(name) && text !== '')
          yield {
            at,
            says: `every user of the machine can read ${name} with systemctl show`,
            instead: `LoadCredential=${name.toLowerCase()}:/etc/credstore/${name.toLowerCase()}, or EnvironmentFile= with mode 0600`,
          }
}

const RULES: readonly Rule<Unit>[] = [
  { name: 'renamed', severity: 'warning', about: 'settings of the old control groups', find: renamed },
  {
    name: 'misplaced',
    severity: 'error',
    about: 'settings that are ignored where they stand',
    find: misplaced,
  },
  { name: 'no-compiler', severity: 'error', about: 'hardening that kills Node', find: noCompiler },
  {
    name: 'hidden-home',
    severity: 'error',
    about: 'paths that the unit hides from itself',
    find: hiddenHome,
  },
  { name: 'no-instance', severity: 'error', about: 'templates whose name has no @', find: noInstance },
  { name: 'plain-secret', severity: 'error', about: 'secrets that every user can read', find: plainSecrets },
]

export const systemd = format({
  kind: 'systemd',
  claims: ({ path, text }) =>
    /\.(?:service|timer|socket|path|mount|slice|target)$/.test(path) ||
    /^\[(?:Unit|Service|Install|Timer|Socket)\]\s*$/m.test(text),
  read: readUnit,
  rules: RULES,
})
