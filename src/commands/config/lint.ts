// `logctl config lint`: what the programs of a log pipeline would refuse, ignore or get wrong in their files.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { answer } from '../../cli/session.js'
import { KINDS } from '../../provision/lint/kinds.js'

export default class ConfigLint extends BaseCommand {
  static override summary = 'find mistakes in files of Vector, Loki, Promtail, Kamal, logrotate and others'
  static override description = `Says what the program would refuse, silently ignore or get dangerously wrong, where, and what to write instead.
The kind is told by name and content. Exits with 1 when there are findings, with 2 when a file cannot be read.`
  static override examples = [
    { description: 'an aggregator', command: '<%= config.bin %> config lint vector.toml deploy.yml' },
    {
      description: 'a kind that nothing tells',
      command: '<%= config.bin %> config lint --kind sysctl 99-tuning',
    },
    {
      description: 'what would fail, for a script',
      command: `<%= config.bin %> config lint vector.toml --json | jq '.findings[] | select(.severity=="error")'`,
    },
  ]
  static override strict = false
  static override args = {
    file: Args.string({ description: 'the files to look at', required: true, ignoreStdin: true }),
  }
  static override flags = {
    kind: Flags.string({ summary: 'what the files are', options: [...KINDS] }),
  }

  async run(): Promise<number> {
    const { argv, flags } = await this.parse(ConfigLint)
    const session = await this.session(flags)
    const { lintFiles } = await import('../../cli/lint-files.js')
    const { lintText } = await import('../../cli/lint-text.js')
    const linted = await lintFiles(argv.map(String), flags.kind, this.world)
    const findings = linted.flatMap((file) => file.findings)
    const files = linted.map(({ file, kind }) => ({ file, kind }))
    await answer(session, { files, findings }, () => lintText(linted, session.paint))
    return session.status(findings.length > 0 ? 1 : 0)
  }
}
