// The plan of a log server that systemd runs: from a bare machine to a service that comes back after a reboot.
import { randomBytes } from 'node:crypto'
import { Secret } from '../../secret.js'
import type { Bundle } from '../bundle.js'
import type { Witness } from '../host.js'
import type { Step } from '../step.js'
import { accountStep } from '../steps/account.js'
import { clockStep } from '../steps/clock.js'
import { fileChanges, filesStep, foldersStep, type WantedFile } from '../steps/file.js'
import { fitnessStep } from '../steps/fitness.js'
import { journalStep } from '../steps/journal.js'
import { CURRENT, currentStep, PROGRAMS, programStep } from '../steps/program.js'
import { type Setting, sysctlStep } from '../steps/sysctl.js'
import { unitStep } from '../steps/unit.js'
import { renderTemplate } from '../template.js'

export interface SystemdOptions {
  readonly bundle: Bundle
  /** `host:port`. Absent: what the machine has, else loopback. */
  readonly listen: string | undefined
  /** As the configuration has it, `30d`. Absent: what the machine has, else 30 days. */
  readonly retention: string | undefined
}

export const CONFIG_FILE = '/etc/logctl/logctl.yml'
export const KEY_FILE = '/etc/logctl/keys/sender.key'
export const PROGRAM_LINK = '/usr/local/bin/logctl'
const DATA = '/var/lib/logctl'
const UNITS = '/etc/systemd/system'

const DEFAULTS = { listen: '127.0.0.1:8080', age: '30d' } as const
const JOURNAL_SIZE = '1G'
const PRUNE_AT = '03:15:00'
const KEY_BYTES = 32

const SETTINGS: readonly Setting[] = [
  { key: 'net.core.somaxconn', least: 4096, because: 'connections that wait to be taken' },
  { key: 'net.ipv4.tcp_max_syn_backlog', least: 4096, because: 'connections that are being made' },
  { key: 'net.core.netdev_max_backlog', least: 5000, because: 'packets that wait for the kernel' },
  { key: 'net.core.rmem_max', least: 8_388_608, because: 'bursts of syslog over UDP' },
]

const HEAD = '# written by logctl; setup puts it back when it is edited'
const ROOT = 'root:root'
const OURS = 'logctl:logctl'

export async function systemdPlan(options: SystemdOptions): Promise<readonly Step[]> {
  const { bundle } = options
  const program = await renderTemplate('systemd/logctl', { current: CURRENT })
  return [
    fitnessStep(bundle.architecture),
    accountStep('logctl', DATA),
    foldersStep('folders', 'the folders of program, configuration and logs', [
      { path: PROGRAMS, mode: '0755', owner: ROOT },
      { path: '/etc/logctl', mode: '0755', owner: ROOT },
      { path: '/etc/logctl/keys', mode: '0700', owner: OURS },
      { path: DATA, mode: '0750', owner: OURS },
    ]),
    sysctlStep(SETTINGS, HEAD),
    journalStep(await renderTemplate('systemd/50-logctl.conf', { journal_size: JOURNAL_SIZE })),
    clockStep,
    programStep(bundle),
    currentStep(bundle),
    filesStep('command', 'the command logctl', [
      { path: PROGRAM_LINK, text: program, mode: '0755', owner: ROOT },
    ]),
    keyStep,
    configStep(options),
    filesStep('units', 'the units of service and timer', await unitFiles()),
    unitStep({
      unit: 'logctl.service',
      title: 'the server runs, with what is configured',
      reads: [`${UNITS}/logctl.service`, CONFIG_FILE, KEY_FILE, CURRENT],
    }),
    unitStep({
      unit: 'logctl-prune.timer',
      title: 'old days go each night',
      reads: [`${UNITS}/logctl-prune.timer`],
    }),
  ]
}

/** The units as they are written to a machine. */
export function unitFiles(): Promise<readonly WantedFile[]> {
  const program = { current: CURRENT, config: CONFIG_FILE }
  const units = {
    'logctl.service': program,
    'logctl-prune.service': program,
    'logctl-prune.timer': { at: PRUNE_AT },
  }
  return Promise.all(
    Object.entries(units).map(async ([name, values]) => {
      const text = await renderTemplate(`systemd/${name}`, values)
      return { path: `${UNITS}/${name}`, text, mode: '0644', owner: ROOT }
    }),
  )
}

/** Made once, on the machine's first setup; its text lies in no other place. */
const keyStep: Step = {
  id: 'key',
  title: 'a first key for senders',
  async propose(host) {
    const found = await host.read(KEY_FILE)
    const isWhole = found?.kind === 'file' && found.text.trim() !== ''
    if (isWhole && found.mode === '0600' && found.owner === OURS) return []
    const text = new Secret(isWhole ? found.text : `lk_${randomBytes(KEY_BYTES).toString('base64url')}\n`)
    return [{ kind: 'put', path: KEY_FILE, text, mode: '0600', owner: OURS }]
  },
}

function configStep({ listen, retention }: SystemdOptions): Step {
  return {
    id: 'config',
    title: 'the configuration of the server',
    async propose(host) {
      const there = await answersOf(host)
      const text = await renderTemplate('systemd/logctl.yml', {
        listen: listen ?? there.listen ?? DEFAULTS.listen,
        age: retention ?? there.age ?? DEFAULTS.age,
        data: DATA,
        key_file: 'keys/sender.key',
      })
      return fileChanges(host, { path: CONFIG_FILE, text, mode: '0644', owner: ROOT })
    },
  }
}

/** What an earlier setup was told lies in what it wrote, so that the next one needs no flags. */
async function answersOf(host: Witness): Promise<{ listen: string | undefined; age: string | undefined }> {
  const text = (await host.read(CONFIG_FILE))?.text ?? ''
  return {
    listen: /^ {2}listen: \[([\w.:[\]-]+)\]$/m.exec(text)?.[1],
    age: /^ {2}age: (\w+)$/m.exec(text)?.[1],
  }
}
