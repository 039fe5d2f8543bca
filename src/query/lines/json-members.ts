// The text members of one JSON object, keys in their order, which is all that `| unpack` asks of a line.
import { skipBlock, stringEnd, tokenEnd, unescapeJson } from './json-text.js'
import { NO_JSON, NO_OBJECT } from './json-walk.js'
import { withoutReplacements } from './key-names.js'

export interface Members {
  /** The line begins as an object does. */
  readonly object: boolean
  readonly pairs: readonly (readonly [string, string])[]
  /** What ended the reading early. */
  readonly wrong: string | undefined
}

const SPACE = /[ \t\r\n]*/y

export function stringMembers(line: string): Members {
  const pairs: (readonly [string, string])[] = []
  let at = skipSpace(line, 0)
  const object = line.charAt(at) === '{'
  const ended = (wrong?: string): Members => ({ object, pairs, wrong })
  if (!object) return ended(NO_OBJECT)
  do {
    at = skipSpace(line, at + 1)
    if (line.charAt(at) === '}') return ended()
    const keyEnd = line.charAt(at) === '"' ? stringEnd(line, at + 1) : -1
    if (keyEnd < 0) return ended(NO_OBJECT)
    const colon = skipSpace(line, keyEnd + 1)
    if (line.charAt(colon) !== ':') return ended(NO_JSON)
    const from = skipSpace(line, colon + 1)
    const end = valueEnd(line, from)
    if (end < 0) return ended(NO_JSON)
    if (line.charAt(from) === '"') pairs.push([text(line, at + 1, keyEnd), text(line, from + 1, end - 1)])
    at = skipSpace(line, end)
  } while (line.charAt(at) === ',')
  return ended(line.charAt(at) === '}' ? undefined : NO_OBJECT)
}

function skipSpace(line: string, from: number): number {
  SPACE.lastIndex = from
  SPACE.test(line)
  return Math.max(from, SPACE.lastIndex)
}

function valueEnd(line: string, from: number): number {
  const first = line.charAt(from)
  if (first === '"') return stringEnd(line, from + 1) + 1 || -1
  if (first === '{') return skipBlock(line, from, '{', '}')
  return first === '[' ? skipBlock(line, from, '[', ']') : tokenEnd(line, from)
}

function text(line: string, from: number, end: number): string {
  return withoutReplacements(unescapeJson(line.slice(from, end)) ?? '')
}
