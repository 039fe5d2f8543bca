// `logctl config schema`: the JSON Schema of logctl.yml, for editors.
import { BaseCommand } from '../../cli/base-command.js'

export default class ConfigSchema extends BaseCommand {
  static override summary = 'print the JSON Schema of logctl.yml'
  static override examples = [
    {
      description: 'for an editor with a YAML language server',
      command: '<%= config.bin %> config schema > logctl.schema.json',
    },
    {
      description: 'the keys of a section',
      command: `<%= config.bin %> config schema | jq '.properties.server'`,
    },
  ]

  async run(): Promise<undefined> {
    const { flags } = await this.parse(ConfigSchema)
    const session = await this.session(flags)
    const { configJsonSchema } = await import('../../config/json-schema.js')
    await session.out.write(`${JSON.stringify(configJsonSchema(), undefined, flags.json ? 0 : 2)}\n`)
  }
}
