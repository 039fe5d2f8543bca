// logrotate: blocks that are skipped, and files that are renamed for ever and never deleted.
import path from 'node:path'
import { nearest } from '../../../config/nearest.js'
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import {
  type Directive,
  type Pattern,
  readRotation,
  type RotateBlock,
  type Rotation,
} from '../readers/logrotate.js'

/** Of logrotate 3.21. */
const DIRECTIVES = new Set(
  `hourly daily weekly monthly yearly size minsize maxsize rotate start maxage minage compress nocompress compresscmd
  uncompresscmd compressext compressoptions delaycompress nodelaycompress copy nocopy copytruncate nocopytruncate
  renamecopy norenamecopy create nocreate createolddir nocreateolddir olddir noolddir dateext nodateext dateformat
  dateyesterday datehourago extension addextension ifempty notifempty include tabooext taboopat mail nomail mailfirst
  maillast missingok nomissingok ignoreduplicates sharedscripts nosharedscripts shred noshred shredcycles su
  allowhardlink noallowhardlink prerotate postrotate firstaction lastaction preremove endscript`.split(/\s+/),
)

function all({ defaults, blocks }: Rotation): readonly Directive[] {
  return [...defaults, ...blocks.flatMap(({ directives }) => directives)]
}

function* unknown(rotation: Rotation): Generator<Remark> {
  for (const { name, at } of all(rotation))
    if (!DIRECTIVES.has(name)) {
      const meant = nearest(name, DIRECTIVES)
      yield {
        at,
        says: `logrotate knows no "${name}" and leaves out the whole block`,
        instead: meant === undefined ? 'remove it' : meant,
      }
    }
}

/** Whether some file can match both. Only `*` and `?` are looked at. */
function overlap(a: string, b: string): boolean {
  if (a === '' || b === '') return /^\**$/.test(a) && /^\**$/.test(b)
  const [first, second] = [a[0], b[0]]
  if (first === '*') return overlap(a.slice(1), b) || (b !== '' && overlap(a, b.slice(1)))
  if (second === '*') return overlap(b, a)
  return (first === second || first === '?' || second === '?') && overlap(a.slice(1), b.slice(1))
}

/** Longer patterns are compared as texts: the comparison of two wildcards grows fast. */
const LONGEST = 200

function isShared(a: Pattern, b: Pattern): boolean {
  const [first, second] = [path.posix.parse(a.glob), path.posix.parse(b.glob)]
  const stars = [...first.base, ...second.base].filter((letter) => letter === '*').length
  if (a.glob.length > LONGEST || b.glob.length > LONGEST || stars > 8) return a.glob === b.glob
  return first.dir === second.dir && overlap(first.base, second.base)
}

function* overlapping({ blocks }: Rotation): Generator<Remark> {
  const patterns = blocks.flatMap((block) => block.patterns.map((pattern) => ({ pattern, block })))
  for (const [index, { pattern, block }] of patterns.entries()) {
    const earlier = patterns
      .slice(0, index)
      .find((one) => one.block !== block && isShared(one.pattern, pattern))
    if (earlier)
      yield {
        at: pattern.at,
        says: `files match this and ${earlier.pattern.glob} of line ${earlier.pattern.at.line}: "duplicate log entry", exit 1, and for them this block never counts`,
        instead: 'patterns that no file matches twice',
      }
  }
}

/** `errors-*.log`, `20*-*.log`, `*-[0-9]*.log`: a part of the name that changes by the day. */
const DATED = /[-_.](?:\*|\[0-9\]|\d{4}|\?{4})|^(?:20\*|20\?\?|\[0-9\])/

function* datedNames({ blocks }: Rotation): Generator<Remark> {
  for (const { patterns } of blocks)
    for (const { glob, at } of patterns)
      if (DATED.test(glob.slice(glob.lastIndexOf('/') + 1)))
        yield {
          at,
          says: 'files with a date in their name get a name of their own each day: `rotate` counts per name, so nothing is ever deleted',
          instead:
            'no logrotate for them; delete by date: logctl prune --dir FOLDER --older-than 30d, or find -mtime +30 -delete',
        }
}

const REOPENS = /kill|systemctl|reload|HUP|USR1|invoke-rc\.d|rsyslog-rotate|reopen|docker|service\s/

function has({ directives }: RotateBlock, { defaults }: Rotation, name: string): boolean {
  return [...defaults, ...directives].some((one) => one.name === name)
}

function* keptOpen(rotation: Rotation): Generator<Remark> {
  for (const block of rotation.blocks) {
    const [first] = block.patterns
    const isCopied = has(block, rotation, 'copytruncate') || has(block, rotation, 'copy')
    const scripts = [...block.scripts.values()].join('\n')
    if (first && !isCopied && !REOPENS.test(scripts))
      yield {
        at: first.at,
        says: 'the program that writes is not told: it goes on writing into the renamed file',
        instead: 'a postrotate that makes it reopen its file (kill -HUP), or copytruncate',
      }
  }
}

const RULES: readonly Rule<Rotation>[] = [
  { name: 'unknown-directive', severity: 'error', about: 'directives that do not exist', find: unknown },
  { name: 'overlapping', severity: 'error', about: 'files that two blocks name', find: overlapping },
  { name: 'dated-names', severity: 'error', about: 'daily files that are never deleted', find: datedNames },
  { name: 'kept-open', severity: 'warning', about: 'writers that keep the old file', find: keptOpen },
]

export const logrotate = format({
  kind: 'logrotate',
  claims: ({ path, text }) =>
    /(?:^|\/)logrotate/.test(path) ||
    (/\{\s*$/m.test(text) &&
      /^\s*(?:daily|weekly|monthly|missingok|notifempty|rotate\s+\d+)\s*$/m.test(text)),
  read: readRotation,
  rules: RULES,
})
