// The account of a run counts what vitest reports, and nothing that went wrong is lost from it.
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { ROOT } from '../house/files.js'
import { beside, countReport, newAccount, skip, stage, tool } from '../../scripts/stages.mjs'

function quiet(env: NodeJS.ProcessEnv) {
  return newAccount(env, () => {})
}

function report(status: string, statuses: readonly string[], message?: string) {
  const assertionResults = statuses.map((status, index) => ({ status, fullName: `case ${index}` }))
  return { testResults: [{ name: 'test/a.test.ts', status, assertionResults, ...(message && { message }) }] }
}

test('every test counts once', () => {
  const account = quiet({})
  countReport(account, 'fast', report('failed', ['passed', 'passed', 'failed']))
  expect(account).toMatchObject({ passed: 2, failed: ['fast: a.test.ts: case 2'], skipped: [] })
})

test('skipped tests are named, and fail where CI is true', () => {
  for (const status of ['skipped', 'pending', 'todo']) {
    const relaxed = quiet({})
    countReport(relaxed, 'fast', report('passed', ['passed', status]))
    expect(relaxed).toMatchObject({ passed: 1, failed: [], skipped: ['fast: a.test.ts: case 1'] })
    const strict = quiet({ CI: 'true' })
    countReport(strict, 'fast', report('passed', ['passed', status]))
    expect(strict).toMatchObject({ passed: 1, skipped: [] })
    expect(strict.failed).toHaveLength(1)
  }
})

test('a file that cannot be loaded fails', () => {
  const account = quiet({})
  countReport(account, 'fast', report('failed', [], 'Cannot find module'))
  expect(account.failed).toEqual(['fast: a.test.ts: Cannot find module'])
})

test('a run without any test fails', () => {
  const account = quiet({})
  countReport(account, 'slow', { testResults: [] })
  expect(account.failed).toEqual(['slow: no test was found'])
})

test('a stage that throws fails, and the next one still runs', async () => {
  const account = quiet({})
  await stage(account, 'first', () => Promise.reject(new Error('no')))
  await tool(account, 'second', [process.execPath, '-e', 'process.exit(3)'])
  await tool(account, 'third', [process.execPath, '-e', ''])
  expect(account).toMatchObject({ passed: 1, failed: ['first', 'second'] })
})

test('a stage beside others counts, and tells what it printed, when it is waited for', async () => {
  const told: string[] = []
  const account = newAccount({}, (text) => told.push(text))
  const good = beside(account, 'good', [process.execPath, '-e', 'console.log("held back")'])
  const bad = beside(account, 'bad', [process.execPath, '-e', 'console.error("why"); process.exit(3)'])
  await tool(account, 'between', [process.execPath, '-e', ''])
  expect(told.join('')).not.toContain('held back')
  expect(account.passed).toBe(1)
  await good()
  await bad()
  expect(account).toMatchObject({ passed: 2, failed: ['bad'] })
  expect(told.join('')).toMatch(/held back[^]*why[^]*ended with 3/)
})

test('what is missing on a machine is a skip, and a failure in CI', () => {
  const [relaxed, strict] = [quiet({ CI: 'false' }), quiet({ CI: 'true' })]
  skip(relaxed, 'jq')
  skip(strict, 'jq')
  expect(relaxed).toMatchObject({ failed: [], skipped: ['jq'] })
  expect(strict.failed).toHaveLength(1)
})

/** A process of its own that sums up seven passed checks and these failures. */
function summed(failed: readonly string[]) {
  const program = `
    import { newAccount, summary } from './scripts/stages.mjs'
    const account = { ...newAccount({}), passed: 7, failed: ${JSON.stringify(failed)}, skipped: ['jq'] }
    process.exitCode = summary(account)`
  return execa(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT, reject: false })
}

test('the last line is the account, and the status follows it', async () => {
  const good = await summed([])
  expect([good.exitCode, good.stdout.split('\n').at(-1)]).toEqual([0, '7 passed, 0 failed'])
  expect(good.stdout).toContain('SKIPPED jq')
  const bad = await summed(['lint'])
  expect([bad.exitCode, bad.stdout.split('\n').at(-1)]).toEqual([1, '7 passed, 1 failed'])
  expect(bad.stdout).toContain('FAILED lint')
})
