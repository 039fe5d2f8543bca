// `logctl cert status`: until when every certificate is good.
import { BaseCommand } from '../../cli/base-command.js'
import { keyFolder } from '../../cli/key-folder.js'
import { answer } from '../../cli/session.js'

export default class CertStatus extends BaseCommand {
  static override summary = 'show until when every certificate is good'
  static override description =
    "The server's, its authority's, and those of senders. Exits with 1 where one has expired, ends within two weeks (or within the last quarter of a shorter life), or cannot be read."
  static override examples = [
    { description: 'all of them', command: '<%= config.bin %> cert status' },
    {
      description: 'from cron, only when something is wrong',
      command: '<%= config.bin %> cert status > /dev/null || echo "a certificate ends soon"',
    },
  ]

  async run(): Promise<number> {
    const { flags } = await this.parse(CertStatus)
    const session = await this.session(flags)
    const { certificateReport } = await import('../../server/tls/certificate-report.js')
    const { columns } = await import('../../format/columns.js')
    const { certificatesTable } = await import('../../format/certificates-table.js')
    const { tls: config } = session.loaded.config
    const dataFolder = keyFolder(session)
    const certificates = await certificateReport({ config, dataFolder, nowMs: this.world.nowMs() })
    if (certificates.length === 0) session.say('there are no certificates')
    await answer(session, { certificates }, () => columns(certificatesTable(certificates, session.paint)))
    return session.status(certificates.every(({ state }) => state === 'valid') ? 0 : 1)
  }
}
