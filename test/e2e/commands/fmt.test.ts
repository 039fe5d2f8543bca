// `logctl fmt` lays out a query that is given as an argument, in a file or on stdin.
import { expect, test } from 'vitest'
import { logctl } from '../../house/program.js'
import { tempFolder } from '../../temp-folder.js'

const SHORT = 'sum by (app)(rate({app="web"} | json [5m]))'
const LONG = `sum(rate({app="web", environment="production"} |= "timed out" | json | status>=500 [5m])) by (app, host)`
const LAID_OUT = `sum by (app, host)(
  rate({app="web", environment="production"} |= "timed out" | json | status>=500 [5m])
)
`
const home = tempFolder({ 'long.logql': `# errors\n${LONG}\n`, 'empty.logql': '' })

test('an argument, a file and stdin', async () => {
  const shown = { status: 0, stdout: LAID_OUT, stderr: '' }
  expect(await logctl(['fmt', LONG], home)).toEqual(shown)
  expect(await logctl(['fmt', '--file', 'long.logql'], home)).toEqual(shown)
  expect(await logctl(['fmt'], home, LONG)).toEqual(shown)
  expect((await logctl(['fmt', `SUM(RATE({app="web"}[5m] | json)) BY (app)`], home)).stdout).toBe(
    `${SHORT}\n`,
  )
})

test('--json has one shape', async () => {
  expect(await logctl(['fmt', SHORT, '--json'], home)).toEqual({
    status: 0,
    stdout: `${JSON.stringify({ query: SHORT })}\n`,
    stderr: '',
  })
})

test.each<readonly [name: string, args: readonly string[], stdin: string | Buffer, said: RegExp]>([
  ['no query', ['{app="web"'], '', /parse error at line 1, col 11: syntax error/],
  ['nothing', [], '', /unexpected end of input/],
  ['an empty file', ['--file', 'empty.logql'], '', /unexpected end of input/],
  ['no file', ['--file', 'none.logql'], '', /none\.logql cannot be read \(ENOENT\)/],
  ['two queries', ['{}', '--file', 'long.logql'], '', /not both/],
  ['no text', [], Buffer.from([0xff, 0xfe]), /stdin is not UTF-8 text/],
  ['too much', [], ' '.repeat(600_000), /stdin holds more than 524288 bytes/],
])('%s is refused with 2', async (_, args, stdin, said) => {
  const ended = await logctl(['fmt', ...args], home, stdin)
  expect(ended).toMatchObject({ status: 2, stdout: '' })
  expect(ended.stderr).toMatch(said)
})
