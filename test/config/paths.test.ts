// Default places, and a configuration of another user.
import { configFileCandidates, defaultDataFolder, resolvePath } from '#logctl/config/paths.js'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../temp-folder.js'

test('the default places', () => {
  expect(configFileCandidates({ cwd: '/w', home: '/h/a', isRoot: false })).toEqual([
    '/w/logctl.yml',
    '/h/a/.config/logctl/logctl.yml',
    '/h/a/.config/logctl/config.yml',
    '/etc/logctl/logctl.yml',
  ])
  expect(defaultDataFolder({ home: '/r', isRoot: true })).toBe('/var/lib/logctl')
  expect(defaultDataFolder({ home: '/h/a', isRoot: false })).toBe('/h/a/.local/share/logctl')
})

test.each([
  ['x', '/b/x'],
  ['./x/../y', '/b/y'],
  ['/x', '/x'],
  ['~/x', '/h/x'],
  ['~', '/h'],
  ['~x', '/b/~x'],
])('%s is %s', (written, path) => {
  expect(resolvePath(written, { base: '/b', home: '/h' })).toBe(path)
})

test('a default file that this user may not read is passed over with a warning', () => {
  const folder = tempFolder()
  const home = join(folder, 'home')
  mkdirSync(home)
  chmodSync(folder, 0o755)
  chmodSync(home, 0o755)
  writeFileSync(join(folder, 'logctl.yml'), 'batch: {size: 1}', { mode: 0 })
  const script = `
    const { loadConfig } = await import(${JSON.stringify(import.meta.resolve('#logctl/config/load.js'))})
    if (process.getuid() === 0) process.setuid(65534)
    const where = { cwd: ${JSON.stringify(folder)}, home: ${JSON.stringify(home)}, etc: ${JSON.stringify(home)} }
    const { config, warnings } = await loadConfig({ ...where, flags: {}, env: {}, isRoot: false })
    console.log(JSON.stringify([config.batch.size, warnings]))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(JSON.parse(output)).toEqual([
    1000,
    [`${join(folder, 'logctl.yml')} may not be read by this user and does not count`],
  ])
})
