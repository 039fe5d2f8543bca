// `logctl labels` lists names, or the values of one.
import { expect, test } from 'vitest'
import { filledServer } from './filled-server.js'

const filled = filledServer()

test('names, and the values of one', async () => {
  const names = await filled.ask('labels')
  expect(names.status).toBe(0)
  expect(names.stdout.split('\n')).toContain('source')
  expect(await filled.ask('labels', 'source')).toEqual({ status: 0, stdout: 'access\nweb\n', stderr: '' })
  expect(await filled.read('labels', 'source')).toEqual({ status: 0, stdout: 'access\nweb\n', stderr: '' })
})

test('--json has one shape', async () => {
  const all = JSON.parse((await filled.ask('labels', '--json')).stdout) as {
    labels: Record<string, string[]>
  }
  expect(all.labels['source']).toEqual(['access', 'web'])
  expect((await filled.ask('labels', 'source', '--json')).stdout).toBe(
    '{"labels":{"source":["access","web"]}}\n',
  )
})

test('none is 1', async () => {
  expect(await filled.ask('labels', 'nope')).toEqual({ status: 1, stdout: '', stderr: '' })
  expect(await filled.ask('labels', 'constructor', '--json')).toMatchObject({
    status: 1,
    stdout: '{"labels":{}}\n',
  })
  expect(await filled.ask('labels', 'source', '--since', '1h')).toMatchObject({ status: 1, stdout: '' })
})
