// Help in our words: a usage line without the flags that every command takes, and a description that does not say
// the summary again.
import { CommandHelp, Help } from '@oclif/core'
import type { Interfaces } from '@oclif/core'

class ShortCommandHelp extends CommandHelp {
  protected override defaultUsage(): string {
    const args = Object.values(this.command.args ?? {}).map((arg) => this.arg(arg))
    return [this.command.id, ...args, '[FLAGS]'].join(' ')
  }

  protected override description(): string | undefined {
    const { description } = this.command
    return description && this.wrap(description)
  }
}

export class LogctlHelp extends Help {
  constructor(config: Interfaces.Config, options?: Partial<Interfaces.HelpOptions>) {
    super(config, options)
    this.CommandHelpClass = ShortCommandHelp as typeof CommandHelp
  }
}
