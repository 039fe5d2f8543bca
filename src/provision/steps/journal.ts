// The journal of the machine: kept over a reboot, and of a size that is known.
import type { Step } from '../step.js'
import { fileChanges } from './file.js'

const PATH = '/etc/systemd/journald.conf.d/50-logctl.conf'

export function journalStep(text: string): Step {
  return {
    id: 'journal',
    title: 'a journal that outlives a reboot, of a known size',
    async propose(host) {
      const isKept = (await host.read('/var/log/journal'))?.kind === 'folder'
      const parent = await host.read('/etc/systemd/journald.conf.d')
      const file = await fileChanges(host, { path: PATH, text, mode: '0644', owner: 'root:root' })
      if (file.length === 0 && isKept) return []
      const folder = { path: '/etc/systemd/journald.conf.d', mode: '0755', owner: 'root:root' }
      return [
        ...(parent ? [] : [{ kind: 'folder' as const, ...folder }]),
        ...file,
        {
          kind: 'run',
          argv: ['systemctl', 'restart', 'systemd-journald'],
          because: 'it reads its settings at start',
        },
      ]
    },
  }
}
