// The rules about the tree as a whole: what the top level may hold, and what no file may give away.
import type { Rule } from './files.js'

/** The top level of the repository, nothing else. */
export const TOP_LEVEL: readonly string[] = [
  '.ci',
  '.editorconfig',
  '.gitignore',
  '.npmrc',
  '.nvmrc',
  '.oxlintrc.json',
  '.prettierignore',
  'LICENSE',
  'README.md',
  'bin',
  'package-lock.json',
  'package.json',
  'scripts',
  'src',
  'templates',
  'test',
  'tsconfig.json',
]

export const topLevel: Rule = (files) => {
  const entries = new Set(files.map((file) => file.path.split('/')[0] ?? ''))
  return [...entries]
    .filter((entry) => !TOP_LEVEL.includes(entry))
    .map((entry) => `${entry}: has no place at the top`)
}

interface Trace {
  readonly pattern: RegExp
  readonly what: string
}

/** What would tie the repository to the machine it was written on, or to one package registry. */
const TRACES: readonly Trace[] = [
  {
    pattern: /(?<![\w.~@-])\/(?:home|Users|work|workspace|farm|mnt)\/[\w.-]+/,
    what: 'a path of one machine',
  },
  { pattern: /(?<![\w.~@-])\/root\/[\w.-]+/, what: 'a path of one machine' },
  { pattern: /\bfile:\/\/\/\w/, what: 'a path of one machine' },
  { pattern: /\bregistry\.(?:npmjs|npmmirror|yarnpkg)\b/, what: 'a package registry' },
  {
    pattern: /https?:\/\/[^\s/"']*(?:artifactory|verdaccio|nexus|npm-mirror|jfrog)/,
    what: 'a package registry',
  },
  { pattern: /"resolved":\s*"|_auth(?:Token)?\s*=/, what: 'a package registry' },
]

export const noTraces: Rule = (files) =>
  files.flatMap((file) =>
    file.text
      .split('\n')
      .flatMap((line, index) =>
        TRACES.filter((trace) => trace.pattern.test(line)).map(
          (trace) => `${file.path}:${index + 1}: names ${trace.what}`,
        ),
      ),
  )
