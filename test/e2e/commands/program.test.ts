// What holds for every command: help, version, statuses, stdout and stderr, pipes that close.
import { execa, execaNode } from 'execa'
import path from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../house/files.js'
import { logctl } from '../../house/program.js'
import { tempFolder } from '../../temp-folder.js'
import { filledServer } from './filled-server.js'

const RUN = path.join(ROOT, 'bin/run.js')
const home = tempFolder()
const filled = filledServer()

const shell = (script: string) =>
  execa('bash', ['-o', 'pipefail', '-c', script], {
    reject: false,
    stripFinalNewline: false,
    env: { HOME: home, RUN, NODE: process.execPath, URL: filled.server.url },
  })

test('help of the program, of a topic and of a command', async () => {
  for (const args of [[], ['--help'], ['-h'], ['help']]) {
    const { status, stdout, stderr } = await logctl(args, home)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^ {2}tail +show the last logs/m)
  }
  expect((await logctl(['key'], home)).stdout).toContain('key create')
  for (const args of [
    ['key', 'create', '--help'],
    ['help', 'key', 'create'],
    ['key', 'create', '-h'],
  ]) {
    const { status, stdout } = await logctl(args, home)
    expect(status).toBe(0)
    expect(stdout).toContain('$ logctl key create NAME [FLAGS]')
    expect(stdout).toContain('EXAMPLES')
  }
})

test('the version', async () => {
  for (const word of ['--version', 'version'])
    expect((await logctl([word], home)).stdout).toMatch(/^logctl \d+\.\d+\.\d+\n$/)
  expect((await logctl(['version', '--json'], home)).stdout).toMatch(/^\{"version":"\d+\.\d+\.\d+"\}\n$/)
})

test.each([
  [['stat'], 'there is no command "stat"', 'logctl stats'],
  [['key', 'creat'], 'there is no command "key creat"', 'logctl key create'],
  [['serve', 'now'], '"logctl serve" takes no argument "now"', 'logctl serve --help'],
  [['--data', '/x', 'stats'], 'the command comes first', 'logctl --help'],
  [['stats', '--jsn'], 'there is no flag --jsn', '--json'],
  [['stats', '2025-01-11', 'x'], 'there is an argument too many: x', '--help'],
  [['tail', '-n', 'x'], '--last: expected an integer', '--help'],
  [['stats', '--server', 'http://x', '--data', '/x'], '--data', '--help'],
  [['stats', '--quiet', '--verbose'], '--quiet', '--help'],
] as const)('%j is not understood', async (args, says, hint) => {
  const text = await logctl(args, home)
  expect(text).toMatchObject({ status: 2, stdout: '' })
  expect(text.stderr).toContain(`error: ${says}`.replace('error: --', '--'))
  expect(text.stderr).toMatch(new RegExp(`^ {2}try: .*${hint}`, 'm'))
  const json = await logctl([...args, '--json'], home)
  expect(json).toMatchObject({ status: 2, stderr: '' })
  expect(JSON.parse(json.stdout)).toMatchObject({
    error: { code: 'USAGE', message: expect.stringContaining(says) },
  })
})

test('a server that is not there is 3, and so is a folder that is none', async () => {
  expect(await logctl(['stats', '--server', 'http://127.0.0.1:1'], home)).toMatchObject({
    status: 3,
    stdout: '',
  })
  expect(await logctl(['stats', '--data', `${home}/none`], home)).toMatchObject({ status: 3, stdout: '' })
})

test('a reader that goes away is no failure', async () => {
  await filled.send(Array.from({ length: 20_000 }, (_, n) => ({ message: `line ${n}`.padEnd(100, '.') })))
  for (const command of ['grep line', 'grep line --json', 'tail -n 20000 --no-follow', 'stats']) {
    const { exitCode, stdout, stderr } = await shell(`"$NODE" "$RUN" ${command} --server "$URL" | head -n 1`)
    expect({ command, exitCode, stderr }).toEqual({ command, exitCode: 0, stderr: '' })
    expect(String(stdout).split('\n')).toHaveLength(2)
  }
})

test('a stdout that cannot be written is 3', async () => {
  for (const flag of ['', '--json']) {
    const { exitCode, stderr } = await shell(`"$NODE" "$RUN" stats --server "$URL" ${flag} > /dev/full`)
    expect(exitCode).toBe(3)
    expect(stderr).toContain('stdout could not be written')
  }
})

test('a stderr that cannot be written changes nothing', async () => {
  const { exitCode } = await shell(`"$NODE" "$RUN" stats 2020-01-01 --server "$URL" 2> /dev/full`)
  expect(exitCode).toBe(1)
})

test('no colours into a pipe, and stdin is left alone', async () => {
  const { stdout } = await shell(`"$NODE" "$RUN" tail --no-follow --server "$URL"`)
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  expect(stdout).not.toMatch(/\u001b\[/)
  const { stdout: counted } = await shell(
    `printf 'a\\nb\\n' | while read -r word; do "$NODE" "$RUN" stats 2025-01-11 --server "$URL" > /dev/null; echo "$word"; done`,
  )
  expect(counted).toBe('a\nb\n')
})

test('Ctrl-C while waiting for an answer is 130', async () => {
  const net = await import('node:net')
  const silent = net.createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const asking = execaNode(RUN, ['stats', '--server', `http://127.0.0.1:${port}`], {
    reject: false,
    env: { HOME: home },
  })
  await new Promise((resolve) => silent.once('connection', resolve))
  asking.kill('SIGINT')
  const { exitCode, stdout, stderr } = await asking
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 130, stdout: '', stderr: '' })
  silent.close()
})
