// The flags of every setup: which machines, and whether anything is changed.
import { Flags } from '@oclif/core'

export const setupFlags = {
  host: Flags.string({
    summary: 'a machine as user@address, as ssh takes it, or "local" for this one; may repeat',
    helpValue: 'USER@ADDRESS',
    multiple: true,
    multipleNonGreedy: true,
  }),
  listen: Flags.string({
    summary: 'where the server takes HTTP [default: as it is, else 127.0.0.1:8080]',
    helpValue: 'HOST:PORT',
  }),
  retention: Flags.string({
    summary: 'days that ended longer ago are removed each night [default: as it is, else 30d]',
    helpValue: 'AGE',
  }),
  yes: Flags.boolean({ summary: 'ask nothing, and trust machines that were never seen before' }),
  'dry-run': Flags.boolean({ summary: 'only show what would be changed' }),
  diff: Flags.boolean({ summary: 'show what changes within files' }),
  check: Flags.boolean({ summary: 'change nothing; exit with 1 when something would change' }),
}
