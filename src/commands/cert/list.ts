// `logctl cert list`: the certificates that `logctl cert client` made.
import { BaseCommand } from '../../cli/base-command.js'
import { keyFolder } from '../../cli/key-folder.js'
import { answer } from '../../cli/session.js'

export default class CertList extends BaseCommand {
  static override summary = 'list the certificates of senders'
  static override description = 'Those that ran out or were revoked are shown for thirty days.'
  static override examples = [
    { description: 'all of them', command: '<%= config.bin %> cert list' },
    { description: 'the names', command: `<%= config.bin %> cert list --json | jq -r '.clients[].name'` },
  ]

  async run(): Promise<undefined> {
    const { flags } = await this.parse(CertList)
    const session = await this.session(flags)
    const { listClients } = await import('../../server/tls/client-admin.js')
    const { columns } = await import('../../format/columns.js')
    const { clientsTable } = await import('../../format/certificates-table.js')
    const clients = listClients(keyFolder(session), this.world.nowMs())
    if (clients.length === 0) session.say('there are no certificates of senders')
    await answer(session, { clients }, () => columns(clientsTable(clients, session.paint)))
  }
}
