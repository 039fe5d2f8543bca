// The rules of the house hold for every file of the repository, and each rule fails on a planted bad example.
import { describe, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT, type Rule, repositoryFiles } from './house/files.js'
import { HOSTS, importDirection, importsOf, packageHosts } from './house/imports.js'
import { MAX_LINES, names, opensWithSentence, processTouches, sizes } from './house/style.js'
import { noTraces, topLevel } from './house/tree.js'

const files = repositoryFiles()

test('there is something to judge', () => {
  for (const folder of ['src/', 'test/', 'scripts/', 'bin/'])
    expect(files.some((file) => file.path.startsWith(folder))).toBe(true)
})

interface Example {
  readonly path: string
  readonly text: string
}

interface Law {
  readonly says: string
  readonly rule: Rule
  readonly good: readonly Example[]
  readonly bad: readonly Example[]
}

const HOME = ['', 'home', 'ann', 'logctl'].join('/')
const REGISTRY = ['registry', 'npmjs', 'org'].join('.')

const LAWS: readonly Law[] = [
  {
    says: 'imports point down the rings',
    rule: importDirection,
    good: [
      { path: 'src/store/embedded/a.ts', text: "import { x } from '../../record/time.js'" },
      { path: 'src/store/embedded/a.ts', text: "import { x } from '../store.js'" },
      { path: 'src/commands/key/a.ts', text: "import { x } from '../../server/serve.js'" },
      { path: 'src/dashboard/a.ts', text: "import type { LogRecord } from '../record/record.js'" },
      { path: 'src/query/a.ts', text: "// import { x } from '../store/store.js'" },
    ],
    bad: [
      { path: 'src/record/a.ts', text: "import { x } from '../store/store.js'" },
      { path: 'src/query/a.ts', text: "import type { Store } from '../store/store.js'" },
      { path: 'src/store/a.ts', text: "import {\n  x,\n} from '../query/run.js'" },
      { path: 'src/decode/a.ts', text: "export { x } from '../config/schema.js'" },
      { path: 'src/errors.ts', text: "import { x } from './record/time.js'" },
      { path: 'src/server/a.ts', text: "const x = await import('../cli/output.js')" },
      { path: 'src/client/a.ts', text: "import '../store/store.js'" },
      { path: 'src/dashboard/a.ts', text: "import { x } from '../record/record.js'" },
      { path: 'src/dashboard/a.ts', text: "import type { Store } from '../store/store.js'" },
      { path: 'src/record/a.ts', text: "import { x } from '../../test/house/files.js'" },
      { path: 'src/toolbox/a.ts', text: '' },
    ],
  },
  {
    says: 'every npm package has its host room, and pure rooms touch no world',
    rule: packageHosts,
    good: [
      { path: 'src/store/a.ts', text: "import { DuckDBInstance } from '@duckdb/node-api'" },
      { path: 'src/commands/a.ts', text: "import { Args } from '@oclif/core'" },
      { path: 'src/decode/a.ts', text: "import { gunzipSync } from 'node:zlib'" },
      { path: 'src/decode/a.ts', text: "import protobuf from 'protobufjs/minimal.js'" },
    ],
    bad: [
      { path: 'src/server/a.ts', text: "import { DuckDBInstance } from '@duckdb/node-api'" },
      { path: 'src/server/a.ts', text: "import { Command } from '@oclif/core/command'" },
      { path: 'src/store/a.ts', text: "import chalk from 'chalk'" },
      { path: 'src/cli/a.ts', text: "const { execa } = await import('execa')" },
      { path: 'src/record/a.ts', text: "import _ from 'lodash'" },
      { path: 'src/record/a.ts', text: "import { x } from '#logctl/record/time.js'" },
      { path: 'src/record/a.ts', text: "import { readFileSync } from 'fs'" },
      { path: 'src/query/a.ts', text: "import { readFile } from 'node:fs/promises'" },
    ],
  },
  {
    says: 'every file of code opens with a sentence',
    rule: opensWithSentence,
    good: [
      { path: 'src/a.ts', text: '// Days are UTC days here.\nconst a = 1\n' },
      { path: 'scripts/a.mjs', text: '#!/usr/bin/env zx\n// Makes data out of\n// a seed, for benches.\n' },
      { path: 'test/cases/a.ts', text: 'anything' },
    ],
    bad: [
      { path: 'src/a.ts', text: "import x from './x.js'\n" },
      { path: 'test/a.test.ts', text: '// tests\n' },
      { path: 'bin/run.js', text: '#!/usr/bin/env node\nrun()\n' },
    ],
  },
  {
    says: 'files have kebab-case names that say what is inside',
    rule: names,
    good: [
      { path: 'src/store/scan-request.ts', text: '' },
      { path: 'test/vitest.config.ts', text: '' },
      { path: 'test/cases/decode/HTTP_common.txt', text: '' },
    ],
    bad: [
      { path: 'src/store/scanRequest.ts', text: '' },
      { path: 'src/utils/time.ts', text: '' },
      { path: 'src/query/parse-helpers.ts', text: '' },
      { path: 'src/store/part-manager.ts', text: '' },
      { path: 'test/common.test.ts', text: '' },
    ],
  },
  {
    says: 'files of code stay small',
    rule: sizes,
    good: [{ path: 'src/a.ts', text: 'x\n'.repeat(MAX_LINES) }],
    bad: [{ path: 'src/a.ts', text: 'x\n'.repeat(MAX_LINES + 1) }],
  },
  {
    says: 'the environment and the end of the process have one place each',
    rule: processTouches,
    good: [
      { path: 'src/config/load.ts', text: 'const env = process.env' },
      { path: 'src/cli/exit.ts', text: 'process.exitCode = 1' },
      { path: 'src/store/a.ts', text: '// process.env is read elsewhere' },
    ],
    bad: [
      { path: 'src/config/paths.ts', text: 'const home = process.env.HOME' },
      { path: 'src/store/a.ts', text: 'process.exit(1)' },
      { path: 'src/commands/a.ts', text: 'process.exitCode = 1' },
    ],
  },
  {
    says: 'the top level holds what it should and nothing else',
    rule: topLevel,
    good: [{ path: 'src/a.ts', text: '' }],
    bad: [
      { path: 'NOTES.md', text: '' },
      { path: 'docs/a.md', text: '' },
      { path: '.env', text: '' },
    ],
  },
  {
    says: 'no file names the machine it was written on, or a registry',
    rule: noTraces,
    good: [
      {
        path: 'README.md',
        text: 'see ~/.local/share/logctl, /var/lib/logctl and https://example.com/home/x',
      },
    ],
    bad: [
      { path: 'README.md', text: `cd ${HOME}` },
      { path: '.npmrc', text: `registry=https://${REGISTRY}/` },
      { path: 'package-lock.json', text: JSON.stringify({ resolved: 'https://example.com/a.tgz' }, null, 1) },
    ],
  },
]

describe.each(LAWS)('$says', ({ rule, good, bad }) => {
  test('in this repository', () => expect(rule(files)).toEqual([]))
  test.each(good)('takes $path: $text', (file) => expect(rule([file])).toEqual([]))
  test.each(bad)('refuses $path: $text', (file) => expect(rule([file])).toHaveLength(1))
})

test('imports are found in all their forms', () => {
  const text = [
    "import a from './a.js'",
    "import type { B } from './b.js'",
    "export * from './c.js'",
    "import './d.js'",
    "const e = await import('./e.js')",
    "import {\n  f,\n  type G,\n} from './f.js'",
  ].join('\n')
  expect(
    importsOf(text)
      .map(({ specifier }) => specifier)
      .sort(),
  ).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `./${name}.js`))
  expect(importsOf(text).filter(({ typeOnly }) => typeOnly)).toHaveLength(1)
})

test('every production dependency has a host room', () => {
  const manifest: unknown = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
  expect(manifest).toHaveProperty('dependencies')
  const { dependencies } = manifest as { dependencies: Record<string, string> }
  expect(Object.keys(dependencies).filter((name) => !(name in HOSTS))).toEqual([])
})
