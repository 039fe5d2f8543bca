// `logctl grep`: the records that hold a pattern.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { selectionFlags, selectorArg } from '../cli/selection-flags.js'
import { withScanner } from '../cli/target.js'
import { timeFlags } from '../cli/time-range.js'

export default class Grep extends BaseCommand {
  static override summary = 'find logs by a pattern in their line or fields'
  static override description =
    'Oldest first, over all time and without limit unless told otherwise. Exits with 0 when something was found, with 1 when nothing was.'
  static override examples = [
    { description: 'a word in the last two hours', command: '<%= config.bin %> grep timeout --since 2h' },
    {
      description: 'a text as it is, in any case, with two neighbours',
      command: `<%= config.bin %> grep -F -i -C 2 'connection reset' '{source="web"}'`,
    },
    {
      description: 'in what a pipeline leaves',
      command: `<%= config.bin %> grep checkout '{source="web"} | json | status >= 500'`,
    },
    {
      description: 'how many errors a day had',
      command: `<%= config.bin %> grep -c '' --level error --date 2025-01-11`,
    },
  ]
  static override args = {
    pattern: Args.string({
      description: 'what to look for: RE2, or a text with -F',
      required: true,
      ignoreStdin: true,
    }),
    selector: selectorArg,
  }
  static override flags = {
    fixed: Flags.boolean({ char: 'F', summary: 'the pattern is a text, not a regular expression' }),
    'ignore-case': Flags.boolean({ char: 'i', summary: 'upper and lower case are alike' }),
    invert: Flags.boolean({ char: 'v', summary: 'records in which neither the line nor a field matches' }),
    count: Flags.boolean({ char: 'c', summary: 'only how many there are', exclusive: ['context'] }),
    context: Flags.integer({
      char: 'C',
      summary: 'neighbours before and after',
      default: 0,
      min: 0,
      helpValue: 'N',
    }),
    limit: Flags.integer({ summary: 'at most so many', min: 1, helpValue: 'N' }),
    ...selectionFlags,
    ...timeFlags,
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Grep)
    const session = await this.session(flags)
    const { grepWish, printMatches } = await import('../cli/print-matches.js')
    const wish = grepWish(session, args, flags)
    const found = await withScanner(session, (scanner) =>
      printMatches(session, { ...wish, scanner, count: flags.count }),
    )
    return session.status(found > 0 ? 0 : 1)
  }
}
