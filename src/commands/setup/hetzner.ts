// `logctl setup hetzner`: a log server on a machine of Hetzner that is there already.
import { BaseCommand } from '../../cli/base-command.js'
import { setupFlags } from '../../cli/setup-flags.js'

export default class SetupHetzner extends BaseCommand {
  static override summary = 'set a Hetzner server up to take logs'
  static override description =
    'The server exists and lets you in: over SSH, as root or with sudo (its password may be in LOGCTL_SUDO_PASSWORD). The machine needs nothing of its own: the program comes with its Node. What is as it should be is left alone, so that it may be repeated at any time.'
  static override examples = [
    {
      description: 'a bare machine',
      command: '<%= config.bin %> setup hetzner --host root@logs.example.com',
    },
    {
      description: 'what would change there, and how files would differ',
      command: '<%= config.bin %> setup hetzner --host root@logs.example.com --dry-run --diff',
    },
    {
      description: 'from cron: has anything drifted?',
      command: '<%= config.bin %> setup hetzner --host logs --check',
    },
  ]
  static override flags = setupFlags

  async run(): Promise<number> {
    const { flags } = await this.parse(SetupHetzner)
    const session = await this.session(flags)
    const { setupSystemd } = await import('../../cli/setup-systemd.js')
    return setupSystemd(session, flags, { root: this.config.root, version: this.config.version })
  }
}
