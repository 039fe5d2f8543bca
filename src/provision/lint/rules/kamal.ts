// Kamal's config/deploy.yml: what it refuses, what fails at the second deploy, and secrets in plain sight.
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import { readYaml } from '../readers/yaml.js'
import { entriesOf, type Entry, entryAt, itemsOf, scalarAt, textOf, type Tree, valueAt } from '../tree.js'
import { ACCESSORY_KEYS, PROXY_KEYS, ROLE_KEYS, ROOT_KEYS } from './kamal-keys.js'
import { isSecretName } from './secret-names.js'
import { unknownKeys } from './unknown-key.js'

const FATE = 'Kamal refuses the file'

/** Roles written with keys of their own; a role may also be a bare list of hosts. */
function rolesOf(root: Tree): readonly Entry[] {
  return entriesOf(valueAt(root, 'servers'))
}

function* unknown(root: Tree): Generator<Remark> {
  const top = entriesOf(root).filter(({ key }) => !key.startsWith('x-'))
  yield* unknownKeys(top, { owner: 'deploy.yml', known: ROOT_KEYS }, FATE)
  yield* unknownKeys(entriesOf(valueAt(root, 'proxy')), { owner: 'proxy', known: PROXY_KEYS }, FATE)
  for (const { key, value } of rolesOf(root))
    yield* unknownKeys(entriesOf(value), { owner: `the role ${key}`, known: ROLE_KEYS }, FATE)
  for (const { key, value } of entriesOf(valueAt(root, 'accessories')))
    yield* unknownKeys(entriesOf(value), { owner: `the accessory ${key}`, known: ACCESSORY_KEYS }, FATE)
}

function* missing(root: Tree): Generator<Remark> {
  const needed = ['service', 'image', 'registry'].filter((key) => !entryAt(root, key))
  const hasHosts = entryAt(root, 'servers') ?? entryAt(root, 'accessories')
  const absent = hasHosts ? needed : [...needed, 'servers']
  if (absent.length > 0)
    yield {
      at: { line: 1, column: 1 },
      says: `${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} missing: ${FATE}`,
      instead: 'registry: {server: localhost:5555} needs no registry elsewhere',
    }
}

function* published(root: Tree): Generator<Remark> {
  const primary = textOf(valueAt(root, 'primary_role')) || 'web'
  for (const { key, value } of rolesOf(root)) {
    const publish = entryAt(value, 'options.publish')
    const proxy = valueAt(value, 'proxy')
    const isProxied = proxy ? scalarAt(value, 'proxy') !== false : key === primary
    if (publish && isProxied)
      yield {
        at: publish.at,
        says: 'the next deploy fails: the new container starts while the old one holds the port; and what Docker publishes is plain text that no firewall of the host sees',
        instead:
          'publish on an accessory, or on a role with proxy: false whose pre-app-boot hook stops the old container',
      }
  }
}

function* proxyHosts(root: Tree): Generator<Remark> {
  const proxy = valueAt(root, 'proxy')
  const host = entryAt(proxy, 'host')
  const ssl = entryAt(proxy, 'ssl')
  if (host && entryAt(proxy, 'hosts'))
    yield { at: host.at, says: `proxy has host and hosts: ${FATE}`, instead: 'hosts, with all of them' }
  if (!ssl || scalarAt(proxy, 'ssl') !== true) return
  if (!host && !entryAt(proxy, 'hosts'))
    yield {
      at: ssl.at,
      says: `ssl: true without a host: ${FATE}`,
      instead: 'proxy: {ssl: true, host: logs.example.com}',
    }
  for (const { key, at, value } of rolesOf(root)) {
    const hosts = itemsOf(valueAt(value, 'hosts') ?? value)
    if (key === 'web' && hosts.length > 1)
      yield {
        at,
        says: 'ssl: true works with one server a role: each would ask for the certificate of the same name',
        instead: 'one host here, or ssl with certificate_pem and private_key_pem',
      }
  }
}

function* clearSecrets(root: Tree): Generator<Remark> {
  const environments = [root, ...rolesOf(root).map(({ value }) => value)]
  environments.push(...entriesOf(valueAt(root, 'accessories')).map(({ value }) => value))
  for (const owner of environments) {
    const env = valueAt(owner, 'env')
    const flat = entriesOf(env).filter(({ key }) => !['clear', 'secret', 'tags'].includes(key))
    for (const { key, at, value } of [...flat, ...entriesOf(valueAt(env, 'clear'))])
      if (isSecretName(key) && textOf(value) !== '')
        yield {
          at,
          says: `${key} stands here for everyone who reads the repository, and in the output of docker inspect`,
          instead: `env.secret: [${key}], with its value fetched in .kamal/secrets`,
        }
  }
  const password = entryAt(root, 'registry.password')
  if (password?.value.kind === 'scalar' && textOf(password.value) !== '')
    yield {
      at: password.at,
      says: 'the password of the registry stands here',
      instead: 'password: [KAMAL_REGISTRY_PASSWORD]',
    }
}

const RULES: readonly Rule<Tree>[] = [
  { name: 'unknown-key', severity: 'error', about: 'keys that Kamal refuses', find: unknown },
  { name: 'missing-key', severity: 'error', about: 'keys that Kamal needs', find: missing },
  {
    name: 'published-port',
    severity: 'error',
    about: 'ports that make the second deploy fail',
    find: published,
  },
  { name: 'proxy-hosts', severity: 'error', about: 'hosts that do not go with ssl', find: proxyHosts },
  { name: 'clear-secret', severity: 'error', about: 'secrets that everyone can read', find: clearSecrets },
]

export const kamal = format({
  kind: 'kamal',
  claims: ({ path, text }) =>
    /(?:^|\/)deploy(?:\.[\w-]+)?\.ya?ml$/.test(path) ||
    (/^(?:servers|accessories):/m.test(text) && /^(?:service|image|proxy|builder|registry):/m.test(text)),
  read: readYaml,
  rules: RULES,
})
