// What the tests about the repository itself read: its files as git would commit them, and where it lies.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')

export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string
  readonly text: string
}

/** A rule takes files and says, one sentence each, what is wrong with them. */
export type Rule = (files: readonly SourceFile[]) => string[]

/** Every file that is committed or would be with `git add -A`. */
export function repositoryPaths(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return [...new Set(listed.split('\0'))]
    .filter((name) => name !== '' && existsSync(path.join(ROOT, name)))
    .sort()
}

/** The text files among them; what holds a NUL is binary and says nothing about style. */
export function repositoryFiles(): SourceFile[] {
  return repositoryPaths()
    .map((name) => ({ path: name, text: readFileSync(path.join(ROOT, name), 'utf8') }))
    .filter((file) => !file.text.includes('\0'))
}

export function isCode(file: SourceFile): boolean {
  return (
    /^(?:src|test|scripts|bin)\/.*\.(?:[cm]?[jt]s|sh)$/.test(file.path) &&
    !file.path.startsWith('test/cases/')
  )
}

/** The code without lines that are comments as a whole; trailing comments stay. */
export function withoutComments(text: string): string {
  return text.replace(/^[ \t]*(?:\/\/|\/\*|\*).*$/gm, '')
}
