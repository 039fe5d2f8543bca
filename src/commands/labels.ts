// `logctl labels`: the names of labels, or the values of one.
import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { answer } from '../cli/session.js'
import { withScanner } from '../cli/target.js'
import { timeFlags, timeRange } from '../cli/time-range.js'
import { printable } from '../format/printable.js'

export default class LabelNames extends BaseCommand {
  static override summary = 'list the names of labels, or the values of one'
  static override description = 'Exits with 1 when there are none.'
  static override examples = [
    { description: 'what can be selected by', command: '<%= config.bin %> labels' },
    { description: 'the sources of the last hour', command: '<%= config.bin %> labels source --since 1h' },
  ]
  static override args = {
    name: Args.string({ description: 'the label whose values are wanted', ignoreStdin: true }),
  }
  static override flags = timeFlags

  async run(): Promise<number> {
    const { args, flags } = await this.parse(LabelNames)
    const session = await this.session(flags)
    const request = { tenants: session.tenants, where: [], ...timeRange(flags, this.world.nowMs()) }
    const options = { signal: this.world.interrupted, warn: session.warn }
    const all = await withScanner(session, (scanner) => scanner.labels(request, options))
    const { name } = args
    const entries = Object.entries(all).filter(([one]) => name === undefined || one === name)
    const labels = Object.fromEntries(entries)
    const rows = name === undefined ? Object.keys(labels) : entries.flatMap(([, values]) => values)
    const shown = session.terminal ? rows.map(printable) : rows
    await answer(session, { labels }, () => shown.map((row) => `${row}\n`).join(''))
    return session.status(rows.length > 0 ? 0 : 1)
  }
}
