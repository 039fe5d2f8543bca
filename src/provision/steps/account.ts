// A user of the system, without a login.
import type { Step } from '../step.js'

export function accountStep(name: string, home: string): Step {
  return {
    id: 'account',
    title: `the user ${name}`,
    async propose(host) {
      const { status } = await host.ask(['getent', 'passwd', name])
      if (status === 0) return []
      const about = ['--system', '--user-group', '--no-create-home']
      const argv = ['useradd', ...about, '--home-dir', home, '--shell', '/usr/sbin/nologin', name]
      return [{ kind: 'run', argv, because: 'the server runs as a user of its own' }]
    },
  }
}
