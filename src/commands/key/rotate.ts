// `logctl key rotate`: a new text for a key, with the old one good for a while.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { keyFolder } from '../../cli/key-folder.js'
import { printMadeKey } from '../../cli/print-made-key.js'
import { parseDurationMs } from '../../record/time.js'

export default class KeyRotate extends BaseCommand {
  static override summary = 'replace a key; both are good until the grace is over'
  static override examples = [
    { description: 'a day to change the senders', command: '<%= config.bin %> key rotate web-1 --grace 24h' },
    { description: 'at once, when it leaked', command: '<%= config.bin %> key rotate web-1 --grace 0s' },
  ]
  static override args = {
    name: Args.string({ description: 'the name of the key', required: true, ignoreStdin: true }),
  }
  static override flags = {
    grace: Flags.string({
      summary: 'how long the old key stays good',
      default: '24h',
      helpValue: 'DURATION',
    }),
  }

  async run(): Promise<undefined> {
    const { args, flags } = await this.parse(KeyRotate)
    const session = await this.session(flags)
    const { rotateKey } = await import('../../server/key-admin.js')
    const graceMs = parseDurationMs(flags.grace)
    const made = await rotateKey(keyFolder(session), args.name, {
      graceMs,
      now: this.world.nowMs(),
    })
    await printMadeKey(session, made)
  }
}
