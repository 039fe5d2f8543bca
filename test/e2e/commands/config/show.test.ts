// `logctl config` shows, checks and starts a configuration.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { logctl } from '../../../house/program.js'
import { tempFolder } from '../../../temp-folder.js'

test('show names the value and its origin', async () => {
  const home = tempFolder({ 'logctl.yml': 'retention:\n  age: 7d\n' })
  const { stdout } = await logctl(
    ['config', 'show', '--json', '--tenant', 'acme', '--key', 'very-secret'],
    home,
  )
  const { file, settings } = JSON.parse(stdout) as {
    file: string
    settings: { key: string; value: unknown; origin: string }[]
  }
  const of = (key: string): object | undefined => settings.find((setting) => setting.key === key)
  expect(path.basename(file)).toBe('logctl.yml')
  expect(of('retention.age')).toMatchObject({ value: '7d', origin: expect.stringContaining('logctl.yml') })
  expect(of('client.tenant')).toMatchObject({ value: 'acme', origin: 'flag --tenant' })
  expect(of('client.key')).toMatchObject({ value: '[redacted]' })
  expect(stdout).not.toContain('very-secret')
  expect((await logctl(['config', 'show'], home)).stdout).toMatch(/^retention\.age +7d +file /m)
})

test('check names what is wrong, and where', async () => {
  const home = tempFolder({ 'bad.yml': 'retention:\n  ago: 7d\n', 'good.yml': 'retention:\n  age: 7d\n' })
  const bad = await logctl(['config', 'check', '--config', 'bad.yml'], home)
  expect(bad).toMatchObject({ status: 2, stdout: '' })
  expect(bad.stderr).toMatch(/bad\.yml, line 2/)
  expect(await logctl(['config', 'check', '--config', 'good.yml'], home)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/good\.yml can be used\n$/),
  })
})

test('init writes what check takes, and never over a file', async () => {
  const home = tempFolder()
  const file = path.join(home, 'logctl.yml')
  expect(await logctl(['config', 'init'], home)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('logctl.yml'),
  })
  expect(await logctl(['config', 'check'], home)).toMatchObject({ status: 0 })
  writeFileSync(file, '# mine\n')
  expect(await logctl(['config', 'init'], home)).toMatchObject({ status: 2, stdout: '' })
  expect(readFileSync(file, 'utf8')).toBe('# mine\n')
})

test('schema is JSON Schema', async () => {
  const { stdout } = await logctl(['config', 'schema'], tempFolder())
  expect(JSON.parse(stdout)).toMatchObject({ type: 'object', properties: { retention: {} } })
})
