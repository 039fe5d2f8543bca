// `logctl key list`: the keys that `logctl key create` made, never their texts.
import { BaseCommand } from '../../cli/base-command.js'
import { keyFolder } from '../../cli/key-folder.js'
import { answer } from '../../cli/session.js'

export default class KeyList extends BaseCommand {
  static override summary = 'list the keys'
  static override description =
    'Those that ran out or were revoked are shown for thirty days. Keys of the configuration are in `config show`.'
  static override examples = [
    { description: 'all keys', command: '<%= config.bin %> key list' },
    {
      description: 'the names',
      command: `<%= config.bin %> key list --json | jq -r '.keys[].name'`,
    },
  ]

  async run(): Promise<undefined> {
    const { flags } = await this.parse(KeyList)
    const session = await this.session(flags)
    const { listKeys } = await import('../../server/key-admin.js')
    const { withUsage } = await import('../../cli/key-usage.js')
    const { columns } = await import('../../format/columns.js')
    const { keysTable } = await import('../../format/keys-table.js')
    const folder = keyFolder(session)
    const keys = await withUsage(listKeys(folder, { now: this.world.nowMs() }), folder, session)
    if (keys.length === 0) session.say('there are no keys')
    await answer(session, { keys }, () => columns(keysTable(keys, session.paint)))
  }
}
