// How failures are told: to people on stderr, to programs on stdout.
import { Errors } from '@oclif/core'
import { expect, test } from 'vitest'
import { reportFailure } from '#logctl/cli/failure-text.js'
import { LogctlError } from '#logctl/errors.js'
import { plain } from '#logctl/format/paint.js'

const people = { json: false, paint: plain }
const programs = { json: true, paint: plain }

test('what happened, then what to try', () => {
  const failure = new LogctlError('PORT_IN_USE', 'port 80 is taken', { hints: ['another port', 'ss -ltnp'] })
  expect(reportFailure(failure, people)).toEqual({
    exit: 3,
    stdout: '',
    stderr: 'error: port 80 is taken\n  try: another port\n  try: ss -ltnp\n',
  })
  expect(reportFailure(failure, programs)).toEqual({
    exit: 3,
    stdout:
      '{"error":{"code":"PORT_IN_USE","message":"port 80 is taken","hints":["another port","ss -ltnp"]}}\n',
    stderr: '',
  })
})

test('what another machine says cannot drive the terminal', () => {
  expect(reportFailure(new LogctlError('SERVER_FAILED', 'it said \u001b[2J'), people).stderr).toBe(
    'error: it said \\e[2J\n',
  )
})

test('usage errors have our status, whatever oclif says', () => {
  const usage = new Errors.CLIError('Nonexistent flag: --foo\nSee more help with --help', { exit: 1 })
  expect(reportFailure(usage, people)).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('error: there is no flag --foo\n'),
  })
  expect(JSON.parse(reportFailure(usage, programs).stdout)).toMatchObject({ error: { code: 'USAGE' } })
})

test('anything else is a bug with its stack, on stderr also for programs', () => {
  const bug = new TypeError('x is not a function')
  expect(reportFailure(bug, people)).toMatchObject({
    exit: 70,
    stdout: '',
    stderr: expect.stringMatching(/^bug: TypeError: x is not a function\n +at /),
  })
  const told = reportFailure(bug, programs)
  expect(JSON.parse(told.stdout)).toEqual({
    error: { code: 'BUG', message: 'x is not a function', hints: [] },
  })
  expect(told.stderr).toContain('    at ')
  expect(reportFailure('a text', people)).toMatchObject({ exit: 70, stderr: 'bug: a text\n' })
})
