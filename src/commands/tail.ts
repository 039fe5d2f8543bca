// `logctl tail`: the last records, and those that arrive.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { printRecords } from '../cli/print-records.js'
import { selectionFlags, selectorArg } from '../cli/selection-flags.js'
import { withScanner } from '../cli/target.js'

export default class Tail extends BaseCommand {
  static override summary = 'show the last logs, then those that arrive'
  static override description =
    'The last N are shown whenever they were, then new ones as they are stored, without gap or repeat. Ctrl-C ends it.'
  static override examples = [
    { description: 'everything, live', command: '<%= config.bin %> tail' },
    {
      description: 'errors of one source',
      command: '<%= config.bin %> tail --source web --level error,fatal',
    },
    {
      description: 'what a pipeline leaves, live',
      command: `<%= config.bin %> tail '{source="web"} | json | status >= 500 | line_format "{{.uri}}"'`,
    },
    {
      description: 'the last hundred of a tenant that time out, for a script',
      command: `<%= config.bin %> tail '{service_name="api"}' -t acme -n 100 --grep timeout --no-follow --json`,
    },
  ]
  static override args = { selector: selectorArg }
  static override flags = {
    last: Flags.integer({
      char: 'n',
      summary: 'how many to begin with',
      default: 10,
      min: 0,
      helpValue: 'N',
    }),
    follow: Flags.boolean({ summary: 'go on with what arrives', default: true, allowNo: true }),
    ...selectionFlags,
    grep: Flags.string({
      summary: 'only where this RE2 pattern is in the line or a field',
      helpValue: 'PATTERN',
    }),
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Tail)
    const session = await this.session(flags)
    const { select } = await import('../query/selection.js')
    const { pipedScanner } = await import('../query/piped-scanner.js')
    const { tail } = await import('../query/tail.js')
    const { level, source, grep, last, follow } = flags
    const { where, stages } = select({
      selector: args.selector,
      level,
      source,
      grep: grep === undefined ? grep : { pattern: grep },
    })
    const { tenants, warn } = session
    const options = { signal: this.world.interrupted, warn }
    const request = { where, tenants, last, follow }
    await withScanner(session, (scanner) =>
      printRecords(session, tail(pipedScanner(scanner, stages), request, options)),
    )
    return session.status(0)
  }
}
