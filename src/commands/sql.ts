// `logctl sql`: one SELECT over the sealed days.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { readQuery } from '../cli/read-query.js'

export default class Sql extends BaseCommand {
  static override summary = 'run a SELECT over the sealed days of a data folder'
  static override description = `The view logs has a row for each record: _time, _tenant, _level, _line, date, and a column for each label and field. Where _line is empty, the line was the JSON text of the columns.
It is DuckDB's SQL. Records that are still hot are not seen; --seal writes them out first. Other files, the network and everything but SELECT are out of reach. query.timeout and query.memory limit it.
With --json each row is an object on a line of its own.`
  static override examples = [
    {
      description: 'levels of a day',
      command: `<%= config.bin %> sql "SELECT _level, count(*) AS n FROM logs WHERE date = '2025-01-11' GROUP BY ALL ORDER BY n DESC"`,
    },
    { description: 'what columns there are', command: `<%= config.bin %> sql 'DESCRIBE logs'` },
    {
      description: 'into a spreadsheet, the newest records too',
      command: `<%= config.bin %> sql 'SELECT _time, _line FROM logs ORDER BY _time' --seal --csv > logs.csv`,
    },
  ]
  static override args = {
    statement: Args.string({ description: 'one SELECT', ignoreStdin: true }),
  }
  static override flags = {
    csv: Flags.boolean({ summary: 'print CSV', exclusive: ['json'] }),
    limit: Flags.integer({ summary: 'at most so many rows', min: 1, helpValue: 'N' }),
    file: Flags.string({ summary: 'read the statement from this file', helpValue: 'PATH' }),
    seal: Flags.boolean({ summary: 'first write out what is hot' }),
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Sql)
    const session = await this.session(flags)
    const statement = await readQuery({ query: args.statement, file: flags.file }, this.world)
    const { printSql } = await import('../cli/print-sql.js')
    await printSql(session, statement, flags)
    return session.status(0)
  }
}
