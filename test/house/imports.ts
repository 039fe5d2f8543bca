// The import rules of the house: which room may see which, and which room hosts which npm package.
import path from 'node:path'
import { type Rule, type SourceFile, withoutComments } from './files.js'

/** A room imports its own files and the rooms of rings above it in this list, never its neighbours. */
export const RINGS: readonly (readonly string[])[] = [
  ['errors', 'secret'],
  ['record'],
  ['config', 'decode', 'query', 'format', 'logger'],
  ['store', 'client', 'provision', 'agent'],
  ['upkeep', 'alert', 'insight', 'fleet'],
  ['server'],
  ['cli'],
  ['commands'],
]

/** `query` takes a Scanner and `store` a ScanRequest: neither knows the other, whatever their rings say. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ['query', 'store'],
  ['store', 'query'],
]

/** The browser's code takes words of data and nothing that runs. */
const BROWSER = 'dashboard'

/** Every npm package that the program imports, and its host rooms. */
export const HOSTS: Readonly<Record<string, readonly string[]>> = {
  '@clickhouse/client': ['store'],
  '@duckdb/node-api': ['store'],
  '@msgpack/msgpack': ['decode', 'server'],
  '@peculiar/x509': ['server'],
  '@oclif/core': ['cli', 'commands'],
  chalk: ['cli', 'format'],
  diff: ['provision'],
  execa: ['provision'],
  fzstd: ['decode'],
  inquirer: ['cli', 'format'],
  ora: ['cli', 'format'],
  pg: ['store'],
  pino: ['logger', 'server'],
  'pino-pretty': ['logger', 'server'],
  'prom-client': ['server'],
  protobufjs: ['decode', 'server'],
  re2js: ['record'],
  snappyjs: ['decode'],
  'ssh-config': ['provision'],
  ssh2: ['provision'],
  table: ['cli', 'format'],
  'toml-eslint-parser': ['provision'],
  ws: ['server'],
  yaml: ['config', 'provision'],
  zod: ['config', 'provision', 'server'],
}

/** Functions of their arguments: no files, sockets or processes (a thread only computes). */
const PURE: ReadonlySet<string> = new Set(['errors', 'secret', 'record', 'decode', 'query', 'format'])
const WORLD = /^node:(?:fs|net|tls|dgram|dns|https?|http2|child_process|cluster|readline)(?:\/|$)/

interface Import {
  readonly specifier: string
  readonly typeOnly: boolean
}

/** Static, re-exporting, bare and dynamic imports. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text)
  const found: Import[] = []
  for (const [, kind = '', specifier = ''] of code.matchAll(
    /^[ \t]*(?:import|export)\s+(type\s)?[^;'"`]*?\bfrom\s*['"]([^'"\n]+)['"]/gm,
  ))
    found.push({ specifier, typeOnly: kind !== '' })
  for (const [, specifier = ''] of code.matchAll(/^[ \t]*import\s*['"]([^'"\n]+)['"]/gm))
    found.push({ specifier, typeOnly: false })
  for (const [, specifier = ''] of code.matchAll(/\b(?:import|require)\(\s*['"`]([^'"`\n]+)['"`]/g))
    found.push({ specifier, typeOnly: false })
  return found
}

/** The room of a path under src: its first folder, or the name of a file that lies there. */
export function roomOf(file: string): string | undefined {
  return /^src\/([^/]+?)(?:\.ts|\/.*)?$/.exec(file)?.[1]
}

export const importDirection: Rule = (files) => eachImport(files, checkDirection)

export const packageHosts: Rule = (files) => eachImport(files, checkHost)

function eachImport(
  files: readonly SourceFile[],
  check: (room: string, file: SourceFile, imported: Import) => string | undefined,
): string[] {
  return files.flatMap((file) => {
    const room = roomOf(file.path)
    if (room === undefined) return []
    if (ringOf(room) < 0 && room !== BROWSER) return [`${file.path}: "${room}" is no room of the house`]
    return importsOf(file.text).flatMap((imported) => check(room, file, imported) ?? [])
  })
}

function checkDirection(room: string, file: SourceFile, { specifier, typeOnly }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  const target = roomOf(path.posix.join(path.posix.dirname(file.path), specifier).replace(/\.js$/, '.ts'))
  if (target === undefined) return `${file.path}: imports ${specifier}, outside src`
  if (target === room) return undefined
  if (room === BROWSER)
    return target === 'record' && typeOnly ? undefined : `${file.path}: ${room} may take only types of record`
  const strangers = STRANGERS.some(([from, to]) => from === room && to === target)
  if (ringOf(target) < 0 || ringOf(target) >= ringOf(room) || strangers)
    return `${file.path}: ${room} may not import ${target}`
  return undefined
}

function checkHost(room: string, file: SourceFile, { specifier }: Import): string | undefined {
  if (specifier.startsWith('.')) return undefined
  if (specifier.startsWith('node:'))
    return PURE.has(room) && WORLD.test(specifier)
      ? `${file.path}: ${room} is pure and may not import ${specifier}`
      : undefined
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  const hosts = HOSTS[name]
  if (!hosts) return `${file.path}: ${name} has no host room`
  return hosts.includes(room) ? undefined : `${file.path}: ${name} belongs to ${hosts.join(', ')}`
}

function ringOf(room: string): number {
  return RINGS.findIndex((ring) => ring.includes(room))
}
