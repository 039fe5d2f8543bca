// Kernel settings that are raised where they are lower, and never lowered.
import type { Change } from '../change.js'
import type { Witness } from '../host.js'
import type { Step } from '../step.js'
import { fileChanges } from './file.js'

export interface Setting {
  readonly key: string
  readonly least: number
  /** Why, for people and for the file. */
  readonly because: string
}

const FILE = '/etc/sysctl.d/90-logctl.conf'

export function sysctlStep(settings: readonly Setting[], head: string): Step {
  return {
    id: 'sysctl',
    title: 'kernel settings for many senders',
    async propose(host) {
      const written = (await host.read(FILE))?.text ?? ''
      const changes: Change[] = []
      const kept: Setting[] = []
      for (const setting of settings) {
        const isLow = await isBelow(host, setting)
        if (isLow || written.includes(`-${setting.key} =`)) kept.push(setting)
        if (isLow) changes.push(raise(setting))
      }
      if (kept.length === 0) return changes
      const text = `${head}\n${kept.map(({ key, least, because }) => `# ${because}\n-${key} = ${least}\n`).join('')}`
      return [
        ...(await fileChanges(host, { path: FILE, text, mode: '0644', owner: 'root:root' })),
        ...changes,
      ]
    },
  }
}

/** A key that the machine does not have is not below anything. */
async function isBelow(host: Witness, { key, least }: Setting): Promise<boolean> {
  const { status, stdout } = await host.ask(['cat', `/proc/sys/${key.replaceAll('.', '/')}`])
  return status === 0 && /^\d+$/.test(stdout.trim()) && Number(stdout) < least
}

function raise({ key, least, because }: Setting): Change {
  const argv = ['sh', '-c', 'echo "$2" > "$1"', 'set', `/proc/sys/${key.replaceAll('.', '/')}`, String(least)]
  return { kind: 'run', argv, because, otherwise: 'refused' }
}
