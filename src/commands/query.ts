// `logctl query`: what LogQL asks for, logs or numbers.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { readQuery } from '../cli/read-query.js'
import { timeFlags } from '../cli/time-range.js'

export default class Query extends BaseCommand {
  static override summary = 'ask in LogQL: for logs, or for numbers made of them'
  static override description = `Without a time it is the last hour. Logs: the newest hundred, newest first. Numbers: a table, and on a terminal a chart; evaluated at --from and then every --step up to and with --to, or at one moment with --now.
Reads stdin where neither a query nor --file is given. Exits with 1 when nothing was found.
With --cursor-file each run prints what arrived since the last one, oldest first and all of it, late lines too.`
  static override examples = [
    {
      description: 'the slow requests of today',
      command: `<%= config.bin %> query '{source="web"} | json | duration_ms > 1000' --since 24h`,
    },
    {
      description: 'errors a minute by service',
      command: `<%= config.bin %> query 'sum by (service_name) (count_over_time({} | detected_level="error" [1m]))' --since 6h --step 1m`,
    },
    {
      description: 'one number, for a script',
      command: `<%= config.bin %> query 'sum(rate({source="web"}[5m]))' --now now --json | jq -r '.result[0].value[1]'`,
    },
    {
      description: 'what is new, from cron',
      command: `<%= config.bin %> query '{} |= "panic"' --cursor-file panics.cursor --json`,
    },
  ]
  static override args = {
    query: Args.string({ description: 'a query in LogQL', ignoreStdin: true }),
  }
  static override flags = {
    limit: Flags.integer({
      summary: 'of logs, at most so many; 100 where absent, 0 is all',
      min: 0,
      helpValue: 'N',
    }),
    direction: Flags.option({
      summary: 'of logs, newest (backward) or oldest first',
      options: ['backward', 'forward'] as const,
    })(),
    'cursor-file': Flags.string({
      summary: 'go on where the run before ended, whose place is kept in this file',
      helpValue: 'FILE',
    }),
    file: Flags.string({ summary: 'read the query from this file', helpValue: 'PATH' }),
    explain: Flags.boolean({ summary: 'show what would be asked of the store, and ask nothing' }),
    ...timeFlags,
    step: Flags.string({
      summary: 'of numbers, how far the moments are apart; about 60 moments where absent',
      helpValue: 'DURATION',
      helpGroup: 'TIME',
    }),
    now: Flags.string({
      summary: 'numbers of this one moment',
      helpValue: 'TIME',
      helpGroup: 'TIME',
      exclusive: ['since', 'from', 'to', 'date', 'step'],
    }),
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Query)
    const session = await this.session(flags)
    const text = await readQuery({ query: args.query, file: flags.file }, this.world)
    const { printQuery } = await import('../cli/print-query.js')
    return session.status(await printQuery(session, text, flags))
  }
}
