// `logctl config check`: whether the configuration can be used, without starting anything.
import { BaseCommand } from '../../cli/base-command.js'
import { answer } from '../../cli/session.js'

export default class ConfigCheck extends BaseCommand {
  static override summary = 'check the configuration file and the environment'
  static override description = 'Names every problem with its place and exits with 2 when there is one.'
  static override examples = [
    { description: 'what would count here', command: '<%= config.bin %> config check' },
    {
      description: 'a file before it is put in place',
      command: '<%= config.bin %> config check --config ./new.yml',
    },
  ]

  async run(): Promise<undefined> {
    const { flags } = await this.parse(ConfigCheck)
    const session = await this.session(flags)
    const { file, warnings } = session.loaded
    await answer(session, { file: file ?? null, warnings }, () =>
      file ? `${file} can be used\n` : 'no configuration file; defaults and variables can be used\n',
    )
  }
}
