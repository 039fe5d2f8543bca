// `logctl export`: logs as a file for other programs.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { EXPORT_FORMATS } from '../cli/export-text.js'
import { selectionFlags, selectorArg } from '../cli/selection-flags.js'
import { timeFlags } from '../cli/time-range.js'

export default class Export extends BaseCommand {
  static override summary = 'write logs out as NDJSON, CSV or Parquet'
  static override description = `Oldest first, over all time unless told otherwise; what arrives while it runs is not in it.
The file has its name only when it is whole. Until then it is FILE.part, and --resume goes on where an interrupted export stopped, without gap or repeat. A name that ends in .gz is compressed; the format is told by the name where --format is absent.`
  static override examples = [
    {
      description: 'a day',
      command: '<%= config.bin %> export --date 2025-01-11 --output 2025-01-11.ndjson.gz',
    },
    {
      description: 'failed requests for a spreadsheet',
      command: `<%= config.bin %> export '{source="web"} | json | status >= 500' --since 7d --format csv > failed.csv`,
    },
    {
      description: 'everything for a data frame, going on after an interruption',
      command: '<%= config.bin %> export --output all.parquet --resume',
    },
  ]
  static override args = { selector: selectorArg }
  static override flags = {
    format: Flags.option({
      summary: 'of the file or of stdout; ndjson where neither this nor a name says it',
      options: EXPORT_FORMATS,
    })(),
    output: Flags.string({ char: 'o', summary: 'write this file; stdout where absent', helpValue: 'FILE' }),
    resume: Flags.boolean({ summary: 'go on with the same export where it was interrupted' }),
    ...selectionFlags,
    ...timeFlags,
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Export)
    const session = await this.session(flags)
    const { exportLogs } = await import('../cli/export-logs.js')
    await exportLogs(session, args.selector, flags)
    return session.status(0)
  }
}
