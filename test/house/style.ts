// The rules of style that lint cannot say: opening sentences, names, sizes, where the process is touched.
import path from 'node:path'
import { isCode, type Rule, withoutComments } from './files.js'

/** The comment that a file opens with, without its marks; a `#!` line may stand before it. */
export function openingComment(text: string): string {
  const [first = '', ...rest] = text.split('\n')
  const lines = first.startsWith('#!') ? rest : [first, ...rest]
  const end = lines.findIndex((line) => !/^(?:\/\/|#)/.test(line))
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.replace(/^(?:\/\/|#)\s?/, ''))
    .join(' ')
    .trim()
}

/** At least four words, and a full stop or what leads on to a list. */
export const opensWithSentence: Rule = (files) =>
  files
    .filter((file) => isCode(file))
    .filter((file) => !/^\S+(?:\s+\S+){3,}.*[.:]$/.test(openingComment(file.text)))
    .map((file) => `${file.path}: does not open with a sentence that says what it is for`)

/** Names under which anything may hide. */
const VAGUE = /(?:^|-)(?:utils?|helpers?|common|misc|managers?)(?:-|$)/
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+)*$/

export const names: Rule = (files) =>
  files
    .filter((file) => /^(?:src|test|scripts|bin)\//.test(file.path) && !file.path.startsWith('test/cases/'))
    .flatMap((file) => {
      const parts = file.path.split('/')
      if (!parts.every((part) => KEBAB.test(part))) return [`${file.path}: is not kebab-case`]
      return parts.some((part) => VAGUE.test(path.parse(part).name.replace(/\..*$/, '')))
        ? [`${file.path}: has a name under which anything may hide`]
        : []
    })

/** Lines of a file of code, comments included. */
export const MAX_LINES = 300

export const sizes: Rule = (files) =>
  files
    .filter((file) => isCode(file))
    .map((file) => ({ path: file.path, lines: file.text.split('\n').length - 1 }))
    .filter((file) => file.lines > MAX_LINES)
    .map((file) => `${file.path}: has ${file.lines} lines, more than ${MAX_LINES}`)

interface Touch {
  readonly pattern: RegExp
  readonly what: string
  readonly allowed: (file: string) => boolean
}

/** Clock, environment and folder come in as arguments; these are the places that read them or end the process. */
const TOUCHES: readonly Touch[] = [
  {
    pattern: /\bprocess\s*\.\s*env\b/,
    what: 'process.env',
    allowed: (file) => file === 'src/config/load.ts',
  },
  { pattern: /\bprocess\s*\.\s*exit\s*\(/, what: 'process.exit', allowed: inCli },
  { pattern: /\bprocess\s*\.\s*exitCode\b/, what: 'process.exitCode', allowed: inCli },
]

function inCli(file: string): boolean {
  return file.startsWith('src/cli/')
}

export const processTouches: Rule = (files) =>
  files
    .filter((file) => file.path.startsWith('src/'))
    .flatMap((file) => {
      const code = withoutComments(file.text)
      return TOUCHES.filter((touch) => touch.pattern.test(code) && !touch.allowed(file.path)).map(
        (touch) => `${file.path}: touches ${touch.what}`,
      )
    })
