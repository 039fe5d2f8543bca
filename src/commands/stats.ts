// `logctl stats`: the counts of one day.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { answer } from '../cli/session.js'
import { withScanner } from '../cli/target.js'
import { fail } from '../errors.js'
import { dayOf, parseDay, timestampOfMs } from '../record/time.js'

export default class Stats extends BaseCommand {
  static override summary = 'count one day of logs by source, tenant, stream, level and hour'
  static override description = 'Days are UTC days. A day without logs exits with 1.'
  static override examples = [
    { description: 'today', command: '<%= config.bin %> stats' },
    { description: 'one day, also counted by host', command: '<%= config.bin %> stats 2025-01-11 --by host' },
    {
      description: 'the errors of today, for a script',
      command: '<%= config.bin %> stats --json | jq .errors',
    },
  ]
  static override args = {
    date: Args.string({ description: 'the day, YYYY-MM-DD; today where absent', ignoreStdin: true }),
  }
  static override flags = {
    by: Flags.string({ summary: 'also count by this label', helpValue: 'LABEL' }),
    top: Flags.integer({ summary: 'rows of a section', default: 20, min: 1, helpValue: 'N' }),
  }

  async run(): Promise<number> {
    const { args, flags } = await this.parse(Stats)
    const session = await this.session(flags)
    const day = args.date === undefined ? dayOf(timestampOfMs(this.world.nowMs())) : parseDay(args.date)
    const { tenants, paint, warn } = session
    const options = { signal: this.world.interrupted, warn }
    const stats = await withScanner(session, (scanner) =>
      scanner.stats({ day, tenants, by: flags.by }, options),
    )
    if (!stats) return fail('NO_LOGS', `no logs for ${day}`)
    const { statsText } = await import('../format/stats-text.js')
    await answer(session, stats, () => statsText(stats, { paint, top: flags.top }))
    return session.status(0)
  }
}
