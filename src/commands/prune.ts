// `logctl prune`: drops the days that are older than an age.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { confirm, isAskable } from '../cli/confirm.js'
import { answer } from '../cli/session.js'
import { parseDurationMs } from '../record/time.js'

export default class Prune extends BaseCommand {
  static override summary = 'drop the days that are older than an age'
  static override description = `A day goes as a whole, once all of it is older. Without a terminal nothing is asked and only errors are said, for cron.
Refuses when the clock is more than 48 hours ahead of the newest log, for then it may be wrong.`
  static override examples = [
    { description: 'what would go', command: '<%= config.bin %> prune --dry-run' },
    { description: 'by the rules of the configuration, from cron', command: '<%= config.bin %> prune' },
    {
      description: 'all that is older than two weeks, without asking',
      command: '<%= config.bin %> prune --older-than 14d --yes',
    },
  ]
  static override flags = {
    'older-than': Flags.string({ summary: 'the age; retention.age where absent', helpValue: 'DURATION' }),
    'dry-run': Flags.boolean({ summary: 'say what would go, and leave it' }),
    force: Flags.boolean({ summary: 'even if the clock seems to have jumped' }),
    yes: Flags.boolean({ char: 'y', summary: 'do not ask' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Prune)
    const session = await this.session(flags)
    const age = flags['older-than']
    const wish = { olderThanMs: age === undefined ? undefined : parseDurationMs(age), force: flags.force }
    const { pruneLogs } = await import('../cli/prune-logs.js')
    const { pruneText } = await import('../format/prune-text.js')
    if (isAskable(this.world) && !flags.yes && !flags['dry-run']) {
      const planned = await pruneLogs(session, { ...wish, dryRun: true })
      if (planned.dropped.length > 0) await confirm(this.world, `${pruneText(planned)}go on?`)
    }
    const result = await pruneLogs(session, { ...wish, dryRun: flags['dry-run'] })
    const speaks = session.verbose || session.json || session.terminal || flags['dry-run']
    if (speaks) await answer(session, result, () => pruneText(result))
    return session.status(0)
  }
}
