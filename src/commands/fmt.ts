// `logctl fmt`: a query as it is best read.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { readQuery } from '../cli/read-query.js'
import { answer } from '../cli/session.js'

export default class Fmt extends BaseCommand {
  static override summary = 'check a LogQL query and lay it out in lines'
  static override description =
    'Reads stdin where neither a query nor --file is given. Comments are left out. Exits with 2 when the query is not understood.'
  static override examples = [
    {
      description: 'a query from a dashboard',
      command: `<%= config.bin %> fmt 'sum(rate({app="web"}|json|status>=500[5m]))by(host)'`,
    },
    { description: 'one kept in a file', command: '<%= config.bin %> fmt --file errors.logql' },
    { description: 'as a filter in an editor', command: '<%= config.bin %> fmt < errors.logql' },
  ]
  static override args = {
    query: Args.string({ description: 'a query in LogQL', ignoreStdin: true }),
  }
  static override flags = {
    file: Flags.string({ summary: 'read the query from this file', helpValue: 'PATH' }),
  }

  async run(): Promise<undefined> {
    const { args, flags } = await this.parse(Fmt)
    const session = await this.session(flags)
    const text = await readQuery({ query: args.query, file: flags.file }, this.world)
    const { parse } = await import('../query/parse.js')
    const { formatQuery } = await import('../query/format-query.js')
    const query = formatQuery(parse(text))
    await answer(session, { query }, () => `${query}\n`)
  }
}
