// What is installed with the program fits the promises: Node 20.19, no install steps, no registry, a licence.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ROOT } from './house/files.js'

/** npm's own judge of version ranges; it brings no types. */
const semver: {
  satisfies: (version: string, range: string) => boolean
  minVersion: (range: string) => object | null
} = createRequire(import.meta.url)('semver')

/** The oldest Node that the program promises to run on. */
const OLDEST = '20.19.0'

/**
 * Production packages that may run something when they are installed. None needs to: these two would build faster
 * forms of what they also have in JavaScript, and package.json keeps npm from running that.
 */
const MAY_RUN_AT_INSTALL: readonly string[] = ['cpu-features', 'ssh2']

const manifest = z
  .object({
    license: z.string(),
    engines: z.object({ node: z.string() }),
    bin: z.record(z.string(), z.string()),
    files: z.array(z.string()),
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
  })
  .parse(readJson('package.json'))

const LockedPackage = z.looseObject({
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  resolved: z.string().optional(),
  engines: z.union([z.object({ node: z.string().optional() }), z.array(z.string())]).optional(),
})
const locked = z
  .object({ packages: z.record(z.string(), LockedPackage) })
  .parse(readJson('package-lock.json')).packages
const production = Object.entries(locked).filter(
  ([where, entry]) => where !== '' && !entry.dev && !entry.devOptional,
)

describe('production dependencies', () => {
  test('are all in the lock file', () => {
    for (const name of Object.keys(manifest.dependencies))
      expect(production.map(([where]) => where)).toContain(`node_modules/${name}`)
  })

  test(`run on Node ${OLDEST}`, () => {
    expect(semver.minVersion(manifest.engines.node)).toHaveProperty('version', OLDEST)
    const refusing = production.filter(([where, entry]) => {
      const range = enginesOf(where, entry)
      return range !== undefined && !semver.satisfies(OLDEST, range)
    })
    expect(refusing.map(([where]) => where)).toEqual([])
  })

  test('run nothing when they are installed', () => {
    const running = production.filter(([where, entry]) => entry.hasInstallScript || hasInstallScript(where))
    expect(running.map(([where]) => where.replace('node_modules/', ''))).toEqual(MAY_RUN_AT_INSTALL)
  })
})

test('the lock file names no host', () => {
  expect(Object.entries(locked).filter(([, entry]) => entry.resolved !== undefined)).toEqual([])
})

test('`npm ci` takes the lock file: it names every package of every platform', () => {
  const install = ['ci', '--dry-run', '--offline', '--ignore-scripts']
  const options = { cwd: ROOT, stdio: 'pipe' } as const
  expect(() => execFileSync('npm', install, options)).not.toThrow()
})

test('the licence is in place', () => {
  expect(manifest.license).toBe('Apache-2.0')
  expect(readFileSync(path.join(ROOT, 'LICENSE'), 'utf8')).toMatch(/Apache License\s+Version 2\.0/)
})

test('the package holds the program and nothing of its making', () => {
  expect(manifest.files).toEqual(['bin', 'dist', 'templates', 'README.md', 'LICENSE'])
  const [packed] = z
    .array(z.object({ files: z.array(z.object({ path: z.string() })) }))
    .parse(
      JSON.parse(
        execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT }).toString(),
      ),
    )
  const paths = packed?.files.map((file) => file.path) ?? []
  for (const wanted of ['bin/run.js', 'dist/errors.js', 'package.json', 'README.md', 'LICENSE'])
    expect(paths).toContain(wanted)
  expect(paths.filter((name) => /^(?:src|test|scripts|\.ci)\//.test(name))).toEqual([])
})

test('what package.json runs and offers is there', () => {
  for (const script of Object.values(manifest.scripts))
    for (const [, file = ''] of script.matchAll(/\bzx (\S+)/g))
      expect(existsSync(path.join(ROOT, file))).toBe(true)
  for (const file of [...Object.values(manifest.bin), '.ci/run'])
    expect(statSync(path.join(ROOT, file)).mode & 0o111, `${file} is executable`).not.toBe(0)
})

/** A package that is not installed here (of another platform) is judged by the lock file. */
function enginesOf(where: string, entry: z.infer<typeof LockedPackage>): string | undefined {
  const engines = installed(where)?.engines ?? entry.engines
  return Array.isArray(engines) ? undefined : engines?.node
}

function hasInstallScript(where: string): boolean {
  const scripts = installed(where)?.scripts ?? {}
  return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts)
}

const Installed = z.looseObject({
  engines: z.union([z.object({ node: z.string().optional() }), z.array(z.string())]).optional(),
  scripts: z.record(z.string(), z.unknown()).optional(),
})

function installed(where: string): z.infer<typeof Installed> | undefined {
  const file = path.join(where, 'package.json')
  return existsSync(path.join(ROOT, file)) ? Installed.parse(readJson(file)) : undefined
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'))
}
