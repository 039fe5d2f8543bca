// `logctl doctor`: what is not well, and what to do about it.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.js'
import { answer } from '../cli/session.js'

export default class Doctor extends BaseCommand {
  static override summary = 'find out what is not well with this machine or a server, and what to do'
  static override description =
    'Changes nothing. Without --server it looks at the data folder and the server of this machine; with it, at the way to that server as a sender goes it. Exits with 1 when something is wrong.'
  static override examples = [
    { description: 'this machine', command: '<%= config.bin %> doctor' },
    { description: 'also read every stored file again', command: '<%= config.bin %> doctor --deep' },
    {
      description: 'from a sender: name, addresses, port, certificate',
      command: '<%= config.bin %> doctor --server https://logs.example.com',
    },
  ]
  static override flags = {
    deep: Flags.boolean({ summary: 'also compare every stored file with its checksum' }),
  }

  async run(): Promise<number> {
    const { flags } = await this.parse(Doctor)
    const session = await this.session(flags)
    const { readPatient } = await import('../cli/read-patient.js')
    const { examine } = await import('../upkeep/doctor/index.js')
    const { doctorText } = await import('../cli/doctor-text.js')
    const checks = await examine(await readPatient(session, this.config.version), flags)
    const isWell = checks.every(({ status }) => status !== 'wrong')
    await answer(session, { ok: isWell, checks }, () => doctorText(checks, session.paint))
    return session.status(isWell ? 0 : 1)
  }
}
