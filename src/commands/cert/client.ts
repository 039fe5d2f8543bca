// `logctl cert client`: a certificate by which a sender proves who it is.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { keyFolder } from '../../cli/key-folder.js'
import { answer } from '../../cli/session.js'
import { parseDurationMs } from '../../record/time.js'

export default class CertClient extends BaseCommand {
  static override summary = 'make a certificate for a sender, in place of a key'
  static override description =
    'Writes NAME.crt, NAME.key and ca.crt for the sender; its key is kept nowhere else. It may only send. A running server knows it within a second, and it needs an address with TLS: serve --listen https://HOST:PORT.'
  static override examples = [
    { description: 'for one tenant', command: '<%= config.bin %> cert client web-1 --tenant acme' },
    {
      description: 'for two years, into a folder',
      command: '<%= config.bin %> cert client web-1 --valid-for 730d --output web-1',
    },
  ]
  static override args = {
    name: Args.string({ description: 'the name of the sender', required: true, ignoreStdin: true }),
  }
  static override flags = {
    output: Flags.string({ summary: 'the folder of the files', default: '.', helpValue: 'DIR' }),
    'valid-for': Flags.string({
      summary: 'how long it is good',
      default: '365d',
      helpValue: 'DURATION',
    }),
  }

  async run(): Promise<undefined> {
    const { args, flags } = await this.parse(CertClient)
    const session = await this.session(flags)
    const { createClient } = await import('../../server/tls/client-admin.js')
    const { clientFiles, writeClientFiles } = await import('../../cli/client-files.js')
    const { name } = args
    const { tenant, output } = flags
    const lifetimeMs = parseDurationMs(flags['valid-for'])
    const files = await clientFiles(output, name)
    const made = await createClient(keyFolder(session), {
      name,
      tenant,
      lifetimeMs,
      nowMs: this.world.nowMs(),
    })
    await writeClientFiles(output, files, made)
    const { fingerprint, expires } = made
    session.say(`${name} may send until ${expires}; copy these to it, they are for it alone:`)
    const paths = Object.values(files)
      .map((path) => `${path}\n`)
      .join('')
    await answer(session, { name, tenant, fingerprint, expires, files }, () => paths)
  }
}
