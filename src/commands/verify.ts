// `logctl verify`: proves a server with marked lines, end to end.
import { BaseCommand } from '../cli/base-command.js'

export default class Verify extends BaseCommand {
  static override summary = 'prove that a server takes logs, finds them again and refuses wrong keys'
  static override description =
    'Sends a marked line through each door as the tenant _logctl and asks for it. Without --server it is the server of this machine. Exits with 1 when something fails; on a terminal it also prints what senders need.'
  static override examples = [
    { description: 'this machine', command: '<%= config.bin %> verify' },
    {
      description: 'another one, with a key that writes and reads',
      command: 'LOGCTL_KEY=$KEY <%= config.bin %> verify --server https://logs.example.com',
    },
  ]

  async run(): Promise<number> {
    const { flags } = await this.parse(Verify)
    const session = await this.session(flags)
    const { verifyServer } = await import('../cli/verify-server.js')
    return verifyServer(session)
  }
}
