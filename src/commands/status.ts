// `logctl status`: how the server and its store are.
import { BaseCommand } from '../cli/base-command.js'
import { answer } from '../cli/session.js'

export default class Status extends BaseCommand {
  static override summary = 'show how the server, its store and its disk are'
  static override description =
    'Without a running server the data folder is looked at. Exits with 1 when logs are not taken or files are damaged.'
  static override examples = [
    { description: 'this machine', command: '<%= config.bin %> status' },
    {
      description: 'free space of another one',
      command:
        '<%= config.bin %> status --server https://logs.example.com --json | jq .store.disk_free_bytes',
    },
  ]

  async run(): Promise<number> {
    const { flags } = await this.parse(Status)
    const session = await this.session(flags)
    const { readStatus } = await import('../cli/read-status.js')
    const { statusText } = await import('../cli/status-text.js')
    const report = await readStatus(session)
    const { paint } = session
    await answer(session, report, () => statusText(report, { paint, nowMs: this.world.nowMs() }))
    const isHealthy = report.store.state === 'ok' && report.store.damaged.length === 0
    return session.status(isHealthy ? 0 : 1)
  }
}
