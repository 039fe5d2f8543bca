// The flags that every command takes. Variables are named in words here and read with the configuration, which
// remembers where each value came from.
import { Flags } from '@oclif/core'

const helpGroup = 'GLOBAL'

export const globalFlags = {
  json: Flags.boolean({ summary: 'print for programs: one JSON value, or one a line', helpGroup }),
  config: Flags.string({
    summary: 'read this configuration file and no other',
    helpValue: 'FILE',
    helpGroup,
  }),
  server: Flags.string({
    summary: 'ask this server (LOGCTL_SERVER)',
    helpValue: 'URL',
    helpGroup,
    exclusive: ['data', 'dir'],
  }),
  key: Flags.string({
    summary: 'the key for the server; better in LOGCTL_KEY, where other users cannot see it',
    helpValue: 'KEY',
    helpGroup,
  }),
  data: Flags.string({
    summary: 'read this data folder itself (LOGCTL_DATA)',
    helpValue: 'DIR',
    helpGroup,
    exclusive: ['dir'],
  }),
  dir: Flags.string({ summary: 'read this folder of plain daily files', helpValue: 'DIR', helpGroup }),
  tenant: Flags.string({
    char: 't',
    summary: 'only this tenant; "a|b" for both',
    helpValue: 'TENANT',
    helpGroup,
  }),
  quiet: Flags.boolean({ summary: 'only results and errors', helpGroup, exclusive: ['verbose'] }),
  verbose: Flags.boolean({ summary: 'also say what is asked and done', helpGroup }),
  'no-color': Flags.boolean({ summary: 'no colours (NO_COLOR)', helpGroup }),
}

/** As oclif parsed them. */
export interface GlobalFlags {
  readonly json?: boolean
  readonly config?: string | undefined
  readonly server?: string | undefined
  readonly key?: string | undefined
  readonly data?: string | undefined
  readonly dir?: string | undefined
  readonly tenant?: string | undefined
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly 'no-color'?: boolean
}
