// `logctl setup systemd`: a log server as a hardened service on machines of your own.
import { BaseCommand } from '../../cli/base-command.js'
import { setupFlags } from '../../cli/setup-flags.js'

export default class SetupSystemd extends BaseCommand {
  static override summary = 'set machines up to run the log server as a service'
  static override description =
    'Over SSH, as root or with sudo (its password may be in LOGCTL_SUDO_PASSWORD). The machine needs nothing of its own: the program comes with its Node. What is as it should be is left alone, so that it may be repeated at any time.'
  static override examples = [
    {
      description: 'a bare machine',
      command: '<%= config.bin %> setup systemd --host root@logs.example.com',
    },
    {
      description: 'what would change there, and how files would differ',
      command: '<%= config.bin %> setup systemd --host root@logs.example.com --dry-run --diff',
    },
    {
      description: 'from cron: has anything drifted?',
      command: '<%= config.bin %> setup systemd --host logs --check',
    },
  ]
  static override flags = setupFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(SetupSystemd)
    const session = await this.session(flags)
    const { setupSystemd } = await import('../../cli/setup-systemd.js')
    return setupSystemd(session, flags, { root: this.config.root, version: this.config.version })
  }
}
