// `logctl key revoke`: ends a key at once.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { keyFolder } from '../../cli/key-folder.js'
import { confirm } from '../../cli/confirm.js'
import { answer } from '../../cli/session.js'

export default class KeyRevoke extends BaseCommand {
  static override summary = 'end a key at once'
  static override description =
    'A running server refuses it within a second. Asks first; where nobody can be asked, --yes is needed.'
  static override examples = [
    { description: 'ask, then revoke', command: '<%= config.bin %> key revoke web-1' },
    { description: 'in a script', command: '<%= config.bin %> key revoke web-1 --yes' },
  ]
  static override args = {
    name: Args.string({ description: 'the name of the key', required: true, ignoreStdin: true }),
  }
  static override flags = { yes: Flags.boolean({ char: 'y', summary: 'do not ask' }) }

  async run(): Promise<undefined> {
    const { args, flags } = await this.parse(KeyRevoke)
    const session = await this.session(flags)
    const { name } = args
    if (!flags.yes)
      await confirm(this.world, `revoke the key ${name}? its senders and readers are refused at once`)
    const { revokeKey } = await import('../../server/key-admin.js')
    const revoked = await revokeKey(keyFolder(session), name, { now: this.world.nowMs() })
    await answer(session, { name, revoked }, () => `revoked ${name}\n`)
  }
}
