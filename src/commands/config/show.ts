// `logctl config show`: every key with its value and where that came from.
import { BaseCommand } from '../../cli/base-command.js'
import { answer } from '../../cli/session.js'

export default class ConfigShow extends BaseCommand {
  static override summary = 'show every setting, its value and where that came from'
  static override description =
    'Flags win over environment variables, those over the configuration file, that over defaults. Secrets are never shown.'
  static override examples = [
    { description: 'all settings', command: '<%= config.bin %> config show' },
    { description: 'what was set', command: '<%= config.bin %> config show | grep -v default$' },
    {
      description: 'the keys, for a script',
      command: "<%= config.bin %> config show --json | jq '.settings[].key'",
    },
  ]

  async run(): Promise<undefined> {
    const { flags } = await this.parse(ConfigShow)
    const session = await this.session(flags)
    const { shownSettings } = await import('../../config/show.js')
    const settings = shownSettings(session.loaded)
    const { columns } = await import('../../format/columns.js')
    await answer(session, { file: session.loaded.file ?? null, settings }, () =>
      columns(settings.map(({ key, value, origin }) => [key, shown(value), session.paint('dim', origin)])),
    )
  }
}

function shown(value: unknown): string {
  if (value === null) return '-'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
