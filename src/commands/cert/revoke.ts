// `logctl cert revoke`: ends the certificate of a sender at once.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { confirm } from '../../cli/confirm.js'
import { keyFolder } from '../../cli/key-folder.js'
import { answer } from '../../cli/session.js'

export default class CertRevoke extends BaseCommand {
  static override summary = 'end the certificates of a sender at once'
  static override description =
    'A running server refuses it within a second, on open connections too. Asks first; where nobody can be asked, --yes is needed.'
  static override examples = [
    { description: 'ask, then revoke', command: '<%= config.bin %> cert revoke web-1' },
    { description: 'in a script', command: '<%= config.bin %> cert revoke web-1 --yes' },
  ]
  static override args = {
    name: Args.string({ description: 'the name of the sender', required: true, ignoreStdin: true }),
  }
  static override flags = { yes: Flags.boolean({ char: 'y', summary: 'do not ask' }) }

  async run(): Promise<undefined> {
    const { args, flags } = await this.parse(CertRevoke)
    const session = await this.session(flags)
    const { name } = args
    if (!flags.yes) await confirm(this.world, `revoke the certificates of ${name}? it is refused at once`)
    const { revokeClient } = await import('../../server/tls/client-admin.js')
    const revoked = await revokeClient(keyFolder(session), name, this.world.nowMs())
    await answer(session, { name, revoked }, () => `revoked ${name}\n`)
  }
}
