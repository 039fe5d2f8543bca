// What a Vector configuration leaves open, and secrets that it does not hold as it seems.
import type { Remark } from '../finding.js'
import type { Rule } from '../format.js'
import { entryAt, scalarAt, scalarsIn, textAt, textOf, valueAt } from '../tree.js'
import { ofType, type VectorConfig } from './vector-components.js'

const LOOPBACK = /^(?:127\.|localhost|\[?::1\]?)/

function* openReceiver(config: VectorConfig): Generator<Remark> {
  for (const { entry, tree } of ofType(config, 'sources', 'vector')) {
    const address = textAt(tree, 'address')
    if (address === '' || LOOPBACK.test(address) || scalarAt(tree, 'tls.enabled') === true) continue
    yield {
      at: entryAt(tree, 'address')?.at ?? entry.at,
      says: `${address} takes logs in plain text from anyone; a port that Docker publishes passes by ufw, and kamal-proxy gives TLS only to 80 and 443`,
      instead: 'tls.enabled = true with crt_file, key_file, ca_file and verify_certificate = true',
    }
  }
}

function* openHttp(config: VectorConfig): Generator<Remark> {
  for (const { entry, tree } of ofType(config, 'sources', 'http', 'http_server', 'heroku_logs')) {
    const address = textAt(tree, 'address')
    if (LOOPBACK.test(address) || valueAt(tree, 'auth')) continue
    yield {
      at: entryAt(tree, 'address')?.at ?? entry.at,
      says: `${address || 'this source'} takes logs from anyone who can reach it`,
      instead: 'auth with strategy basic, username and password; a drain has them in its URL',
    }
  }
}

function* literalVariable({ root }: VectorConfig): Generator<Remark> {
  for (const [scalar] of scalarsIn(root)) {
    const variable = /\$\{?([A-Z_][A-Z0-9_]*)/.exec(textOf(scalar))?.[1]
    if (variable !== undefined)
      yield {
        at: scalar.at,
        says: `since Vector 0.57 \${${variable}} is no longer filled in: it is sent as it stands`,
        instead: `"SECRET[name.${variable.toLowerCase()}]" with a [secret.name] of type "file" or "directory"`,
      }
  }
}

function* masterKey({ root }: VectorConfig): Generator<Remark> {
  for (const [scalar] of scalarsIn(root))
    if (/RAILS_MASTER_KEY/.test(textOf(scalar)))
      yield {
        at: scalar.at,
        says: 'the Rails master key decrypts all credentials of the application, and here every hop of the logs gets it',
        instead: 'a key of its own for sending logs, such as `logctl key create` makes',
      }
}

export const SAFETY_RULES: readonly Rule<VectorConfig>[] = [
  { name: 'open-receiver', severity: 'warning', about: 'vector sources without TLS', find: openReceiver },
  { name: 'open-http', severity: 'warning', about: 'HTTP sources without authentication', find: openHttp },
  {
    name: 'literal-variable',
    severity: 'error',
    about: 'variables that are not filled in',
    find: literalVariable,
  },
  { name: 'master-key', severity: 'warning', about: 'the Rails master key as a password', find: masterKey },
]
