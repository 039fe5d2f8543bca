// Finds and reads the configuration file: YAML (or JSON, which is YAML), with the line of every key.
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Document, LineCounter as Lines } from 'yaml'
import { LogctlError, errnoOf, fail, messageOf } from '../errors.js'
import { configFileCandidates, type Whereabouts } from './paths.js'
import type { Step } from './problems.js'

/** A larger file is none that a person wrote. */
const MAX_BYTES = 1_048_576

/** More aliases than this are a bomb. */
const MAX_ALIASES = 100

interface FoundFile {
  readonly path: string
  readonly text: string
  /** Permission bits. */
  readonly mode: number
}

export interface ConfigFile {
  readonly path: string
  readonly mode: number
  readonly tree: unknown
  /** The line of a key or item, from 1. */
  readonly lineOf: (steps: readonly Step[]) => number | undefined
}

function read(path: string): FoundFile {
  const { mode, size } = statSync(path)
  if (size > MAX_BYTES)
    fail('CONFIG_INVALID', `${path} has ${size} bytes; a configuration has at most ${MAX_BYTES}`)
  return { path, text: readFileSync(path, 'utf8'), mode: mode & 0o777 }
}

/** The file named by `--config`, else the first of the default places. Another user's file is passed over. */
export function findConfigFile(
  named: string | undefined,
  whereabouts: Whereabouts,
): { found: FoundFile | undefined; warnings: readonly string[] } {
  if (named !== undefined) return { found: readNamed(resolve(whereabouts.cwd, named)), warnings: [] }
  const warnings: string[] = []
  for (const path of configFileCandidates(whereabouts)) {
    try {
      return { found: read(path), warnings }
    } catch (error) {
      const errno = errnoOf(error)
      if (errno === 'ENOENT' || errno === 'ENOTDIR') continue
      if (errno !== 'EACCES' && errno !== 'EPERM') throw asInvalid(path, error)
      warnings.push(`${path} may not be read by this user and does not count`)
    }
  }
  return { found: undefined, warnings }
}

function readNamed(path: string): FoundFile {
  try {
    return read(path)
  } catch (error) {
    throw asInvalid(path, error)
  }
}

function asInvalid(path: string, error: unknown): unknown {
  if (error instanceof LogctlError) return error
  const message = `the configuration ${path} cannot be read: ${messageOf(error)}`
  return new LogctlError('CONFIG_INVALID', message, { cause: error })
}

/** Throws CONFIG_INVALID with path and line when the text is no YAML. */
export async function parseConfigFile({ path, text, mode }: FoundFile): Promise<ConfigFile> {
  const { LineCounter, parseDocument } = await import('yaml')
  const lines = new LineCounter()
  const document = orRefuse(path, () => parseDocument(text, { lineCounter: lines, prettyErrors: false }))
  const [broken] = document.errors
  if (broken) {
    fail('CONFIG_INVALID', `${path}, line ${lines.linePos(broken.pos[0]).line}: ${broken.message}`, {
      hints: ['the file is YAML: indent with spaces, `key: value`, one key a line'],
    })
  }
  const tree: unknown = orRefuse(path, () => document.toJS({ maxAliasCount: MAX_ALIASES }))
  return { path, mode, tree, lineOf: (steps) => lineOf(document, lines, steps) }
}

/** The parser throws where its own limits end: too many aliases, nested too deeply. */
function orRefuse<T>(path: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    return fail('CONFIG_INVALID', `${path}: ${messageOf(error)}`, { cause: error })
  }
}

interface Node {
  readonly range?: readonly [number, number, number] | null
  readonly items?: readonly unknown[]
  readonly value?: unknown
}

/** The line of the last step that can be found: of a map's key, or of a list's item. */
function lineOf(document: Document, lines: Lines, steps: readonly Step[]): number | undefined {
  let node = document.contents as Node | null
  let offset: number | undefined
  for (const step of steps) {
    const items = node?.items ?? []
    if (typeof step === 'number') {
      node = (items[step] ?? null) as Node | null
      offset = node?.range?.[0] ?? offset
      continue
    }
    const pairs = items as readonly { readonly key?: Node; readonly value?: Node | null }[]
    const pair = pairs.find(({ key }) => key?.value === step)
    offset = pair?.key?.range?.[0] ?? offset
    node = pair?.value ?? null
  }
  return offset === undefined ? undefined : lines.linePos(offset).line
}
