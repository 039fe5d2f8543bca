// `logctl config init`: an annotated logctl.yml to start from.
import { BaseCommand } from '../../cli/base-command.js'
import { answer } from '../../cli/session.js'

export default class ConfigInit extends BaseCommand {
  static override summary = 'write an annotated logctl.yml into this folder'
  static override description =
    'Every key is there with its default and its meaning. A file that exists is left alone.'
  static override examples = [
    { description: 'start a configuration', command: '<%= config.bin %> config init' },
    { description: 'look first', command: '<%= config.bin %> config show' },
  ]

  async run(): Promise<undefined> {
    const { flags } = await this.parse(ConfigInit)
    const session = await this.session(flags)
    const { initConfig } = await import('../../cli/init-config.js')
    const file = await initConfig(this.world.cwd, this.config.root)
    await answer(session, { file }, () => `wrote ${file}\n`)
  }
}
