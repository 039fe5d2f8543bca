// .kamal/secrets: a file for git, so it may only say where secrets are fetched from.
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import { type Assignment, readAssignments } from '../readers/assignments.js'
import { isSecretName } from './secret-names.js'

function* rawValue(assignments: readonly Assignment[]): Generator<Remark> {
  for (const { key, value, at } of assignments)
    if (value !== '' && !value.includes('$'))
      yield {
        at,
        says: `${key} has its raw value here, and Kamal's secrets file is meant for git`,
        instead: `${key}=$${key} from your environment, or $(kamal secrets fetch …) from a password store`,
      }
}

function* masterKey(assignments: readonly Assignment[]): Generator<Remark> {
  for (const { key, at } of assignments)
    if (isSecretName(key) && key.endsWith('RAILS_MASTER_KEY'))
      yield {
        at,
        says: 'used to send logs, the Rails master key is known at every hop, and it decrypts all credentials',
        instead: 'a key of its own for logs: logctl key create',
      }
}

const RULES: readonly Rule<readonly Assignment[]>[] = [
  { name: 'raw-value', severity: 'error', about: 'secrets in a file for git', find: rawValue },
  { name: 'master-key', severity: 'warning', about: 'the Rails master key as a password', find: masterKey },
]

export const kamalSecrets = format({
  kind: 'kamal-secrets',
  claims: ({ path }) => /(?:^|\/)\.kamal\/secrets(?:[.-][\w-]+)?$/.test(path),
  read: readAssignments,
  rules: RULES,
})
