// `logctl key create`: a key for a sender or reader.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { keyFolder } from '../../cli/key-folder.js'
import { printMadeKey } from '../../cli/print-made-key.js'
import type { Scope } from '../../config/sections/ingest.js'

const SCOPES = ['ingest', 'read', 'admin'] as const satisfies readonly Scope[]

export default class KeyCreate extends BaseCommand {
  static override summary = 'make a key for a sender or reader'
  static override description =
    'The key is printed once and kept as a hash only. A running server knows it within a second, without a restart.'
  static override examples = [
    { description: 'for one tenant', command: '<%= config.bin %> key create web-1 --tenant acme' },
    { description: 'that only sends', command: '<%= config.bin %> key create drain --scope ingest' },
    { description: 'into a variable', command: 'KEY=$(<%= config.bin %> key create ci --json | jq -r .key)' },
  ]
  static override args = {
    name: Args.string({ description: 'what the key is for', required: true, ignoreStdin: true }),
  }
  static override flags = {
    scope: Flags.option({ options: SCOPES, multiple: true, multipleNonGreedy: true })({
      summary: 'what it may do; ingest and read where absent',
    }),
  }

  async run(): Promise<undefined> {
    const { args, flags } = await this.parse(KeyCreate)
    const session = await this.session(flags)
    const { createKey } = await import('../../server/key-admin.js')
    const { name } = args
    const made = await createKey(keyFolder(session), {
      name,
      tenant: flags.tenant,
      scopes: flags.scope,
      now: this.world.nowMs(),
    })
    await printMadeKey(session, made)
  }
}
