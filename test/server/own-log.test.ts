// The server's own log as a process writes it: JSON lines or text on stderr, nothing on stdout.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const MODULE = fileURLToPath(import.meta.resolve('#logctl/server/own-log.js'))

function run(options: object, code: string): Promise<{ out: string; err: string; status: number | null }> {
  const script = `import { ownLog } from ${JSON.stringify(MODULE)}; const log = ownLog(${JSON.stringify(options)}); ${code}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script])
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return new Promise((resolve) => void child.on('close', (status) => resolve({ out, err, status })))
}

const base = { level: 'info', format: 'auto', isTerminal: false, colour: false }

test('JSON lines where stderr is no terminal, written before the process ends at once', async () => {
  const { out, err } = await run(
    base,
    `log.info({ a: 1 }, 'hello'); log.debug('unseen'); log.error({ err: new Error('oops') }, 'bad'); process.kill(process.pid, 'SIGKILL')`,
  )
  const lines = err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(out).toBe('')
  expect(lines).toHaveLength(2)
  expect(lines[0]).toEqual({
    time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    level: 'info',
    a: 1,
    message: 'hello',
  })
  expect(lines[1]).toMatchObject({
    level: 'error',
    message: 'bad',
    err: { message: 'oops', stack: expect.any(String) as string },
  })
})

test('text on a terminal, without colour unless asked', async () => {
  const { err } = await run({ ...base, isTerminal: true }, `log.warn({ a: 1 }, 'hello')`)
  expect(err).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: hello.*"a":1/)
  expect(err).not.toContain('\u001b')
  expect((await run({ ...base, format: 'text', colour: true }, `log.warn('hello')`)).err).toContain('\u001b')
})

test('a closed stderr does not end the process', async () => {
  const code = `process.stderr.destroy(); for (let n = 0; n < 3; n += 1) log.info('x'); console.log('alive')`
  expect((await run(base, code)).out).toBe('alive\n')
})
