// The clock follows others: the times of logs are compared between machines.
import type { Step } from '../step.js'

export const clockStep: Step = {
  id: 'clock',
  title: 'a clock that follows others',
  async propose(host) {
    // A container has the clock of the machine around it.
    if ((await host.ask(['systemd-detect-virt', '--container', '--quiet'])).status === 0) return []
    const { stdout } = await host.ask(['timedatectl', 'show', '--property=NTP', '--value'])
    if (stdout.trim() === 'yes') return []
    return [
      {
        kind: 'run',
        argv: ['timedatectl', 'set-ntp', 'true'],
        because: 'nothing keeps the clock right',
        otherwise: 'unavailable',
      },
    ]
  },
}
