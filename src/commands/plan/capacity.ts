// `logctl plan capacity`: what a volume of logs needs, and what that costs.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { answer } from '../../cli/session.js'
import { sizeBytes } from '../../config/units.js'
import { fail } from '../../errors.js'
import { parseDurationMs } from '../../record/time.js'

const DAY_MS = 86_400_000

export default class PlanCapacity extends BaseCommand {
  static override summary = 'size disk, memory, cores and network for a volume of logs, with a price'
  static override description = `How much comes in is stated by flags, which add up; without any it is measured from the days that were stored.
The table shows the arithmetic. Sizes are decimal: 1 GB is 1,000,000,000 bytes.`
  static override examples = [
    {
      description: 'ten GB a day, kept for a month',
      command: '<%= config.bin %> plan capacity --per-day 10GB --retention 30d',
    },
    {
      description: 'many small services and two noisy ones',
      command: '<%= config.bin %> plan capacity --services 55x1MB --services 2x10MB',
    },
    {
      description: 'a fleet with its checks',
      command: '<%= config.bin %> plan capacity --hosts 12 --checks 30 --retention 90d',
    },
    { description: 'from what this machine has stored', command: '<%= config.bin %> plan capacity' },
  ]
  static override flags = {
    'per-day': Flags.string({ summary: 'logs a day, as they arrive', helpValue: 'SIZE' }),
    'events-per-second': Flags.integer({
      summary: 'lines a second, on average',
      min: 0,
      max: 1e8,
      helpValue: 'N',
    }),
    'line-bytes': Flags.integer({
      summary: 'mean length of a line',
      default: 350,
      min: 1,
      max: 1e6,
      helpValue: 'N',
    }),
    services: Flags.string({
      summary: 'so many services with so much a day each; repeatable',
      helpValue: 'NxSIZE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    hosts: Flags.integer({
      summary: 'hosts that report metrics every minute',
      min: 0,
      max: 1e6,
      helpValue: 'N',
    }),
    checks: Flags.integer({
      summary: 'health checks, every 30 seconds each',
      min: 0,
      max: 1e6,
      helpValue: 'N',
    }),
    retention: Flags.string({
      summary: 'how long logs are kept; retention.age where absent',
      helpValue: 'DURATION',
    }),
    ratio: Flags.string({ summary: 'how well logs pack; measured, else 6', helpValue: 'N' }),
    'plain-files': Flags.boolean({ summary: 'plain daily files are kept beside the store' }),
    connections: Flags.integer({
      summary: 'senders connected at once',
      default: 200,
      min: 0,
      max: 1e6,
      helpValue: 'N',
    }),
    peak: Flags.integer({
      summary: 'the busiest second against the average',
      default: 10,
      min: 1,
      max: 1000,
      helpValue: 'N',
    }),
    headroom: Flags.integer({
      summary: 'percent of the disk that stay free',
      default: 20,
      min: 0,
      max: 90,
      helpValue: 'PERCENT',
    }),
    free: Flags.string({ summary: 'free space of the machine; measured where absent', helpValue: 'SIZE' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(PlanCapacity)
    const session = await this.session(flags)
    const { readCapacity } = await import('../../cli/read-capacity.js')
    const { planCapacity } = await import('../../upkeep/capacity/plan-capacity.js')
    const { capacityText } = await import('../../cli/capacity-text.js')
    const age =
      flags.retention === undefined ? session.loaded.config.retention.age : parseDurationMs(flags.retention)
    const wish = await readCapacity(session, {
      perDay: flags['per-day'],
      eventsPerSecond: flags['events-per-second'],
      lineBytes: flags['line-bytes'],
      services: flags.services ?? [],
      hosts: flags.hosts,
      checks: flags.checks,
      retentionDays: Math.ceil(age / DAY_MS),
      ratio: flags.ratio === undefined ? undefined : positive(flags.ratio),
      plainFiles: flags['plain-files'],
      connections: flags.connections,
      peak: flags.peak,
      headroom: flags.headroom / 100,
      freeBytes: flags.free === undefined ? undefined : freeSpace(flags.free),
    })
    const plan = planCapacity(wish)
    await answer(session, plan, () => capacityText(plan, wish, session.paint))
    return session.status(0)
  }
}

function positive(text: string): number {
  const value = Number(text)
  return value >= 0.1 && value <= 1000
    ? value
    : fail('USAGE', `--ratio: "${text}" is no number from 0.1 to 1000`)
}

function freeSpace(text: string): number {
  return sizeBytes(text) ?? fail('USAGE', `--free: "${text}" is no size`, { hints: ['write it as 80GB'] })
}
