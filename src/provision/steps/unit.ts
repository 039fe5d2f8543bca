// A unit of systemd that is enabled, runs, and was started after everything that it reads was written.
import type { Change } from '../change.js'
import type { Witness } from '../host.js'
import type { Step } from '../step.js'

export interface WantedUnit {
  readonly unit: string
  readonly title: string
  /** What a running process has read when it started. */
  readonly reads: readonly string[]
}

export function unitStep({ unit, title, reads }: WantedUnit): Step {
  return {
    id: unit,
    title,
    async propose(host) {
      const state = await stateOf(host, unit)
      const changes: Change[] = []
      const run = (because: string, ...argv: string[]): void =>
        void changes.push({ kind: 'run', argv: ['systemctl', ...argv], because })
      if (state['NeedDaemonReload'] === 'yes') run('unit files changed', 'daemon-reload')
      if (state['UnitFileState'] !== 'enabled') run('it has to come back after a reboot', 'enable', unit)
      if (state['ActiveState'] !== 'active') run('it does not run', 'restart', unit)
      else if (await isStale(host, Number(state['ActiveEnterTimestampMonotonic']), reads))
        run('it was started before its files changed', 'restart', unit)
      return changes
    },
  }
}

async function stateOf(host: Witness, unit: string): Promise<Readonly<Record<string, string>>> {
  const names = ['NeedDaemonReload', 'UnitFileState', 'ActiveState', 'ActiveEnterTimestampMonotonic']
  const { stdout } = await host.ask(['systemctl', 'show', unit, `--property=${names.join(',')}`])
  return Object.fromEntries(stdout.split('\n').map((line) => line.split(/=(.*)/s, 2) as [string, string]))
}

/** Ages are compared, for the clock of the day may have been set meanwhile. */
const AGES = 'cat /proc/uptime; date +%s.%N; stat -c %.6Y -- "$@"'

async function isStale(host: Witness, startedUs: number, files: readonly string[]): Promise<boolean> {
  const { stdout } = await host.ask(['sh', '-c', AGES, 'sh', ...files])
  const [uptime = '', now = '', ...written] = stdout.trim().split('\n')
  const runningS = Number(uptime.split(' ')[0]) - startedUs / 1e6
  return written.some((time) => Number(now) - Number(time) < runningS)
}
