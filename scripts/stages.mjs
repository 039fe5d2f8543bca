// Runs the stages of a check one after the other, streams what they print, and keeps one account of them:
// a tool is one check that passed or failed, a vitest run counts each of its tests.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { $, chalk } from 'zx'

const VITEST = 'node_modules/vitest/vitest.mjs'
const CONFIG = 'test/vitest.config.ts'

/** A stage that takes longer hangs. */
const LIMIT = '20m'

/**
 * @typedef {object} Account
 * @property {number} startedMs
 * @property {boolean} strict With CI=true what was skipped counts as failed.
 * @property {number} passed
 * @property {string[]} failed Names.
 * @property {string[]} skipped Names.
 * @property {(text: string) => void} say Takes what is told on the way.
 */

/** @param {NodeJS.ProcessEnv} env @param {(text: string) => void} [say] @returns {Account} */
export function newAccount(env, say = (text) => process.stderr.write(text)) {
  return {
    startedMs: performance.now(),
    strict: env['CI'] === 'true',
    passed: 0,
    failed: [],
    skipped: [],
    say,
  }
}

/**
 * Runs one stage under a heading and says how long it took. What it throws counts as its failure.
 * @param {Account} account @param {string} name @param {() => Promise<void>} work
 */
export async function stage(account, name, work) {
  account.say(chalk.bold(`\n── ${name}\n`))
  const start = performance.now()
  const failedBefore = account.failed.length
  try {
    await work()
  } catch (error) {
    account.say(`${error instanceof Error ? error.message : String(error)}\n`)
    account.failed.push(name)
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const ok = account.failed.length === failedBefore
  account.say(`${ok ? chalk.green('✓') : chalk.red('✗')} ${name} ${chalk.dim(`${seconds} s`)}\n`)
}

/** Runs a command in the open and gives its exit status, null where it had to be ended. @param {string[]} argv */
async function run(argv) {
  const { exitCode } = await $({ stdio: 'inherit', nothrow: true, timeout: LIMIT })`${argv}`
  return exitCode
}

/** Runs a command and keeps what it prints. @param {string[]} argv */
async function runAside(argv) {
  const output = await $({ stdio: ['ignore', 'pipe', 'pipe'], nothrow: true, timeout: LIMIT })`${argv}`
  return { text: output.stdout + output.stderr, exitCode: output.exitCode, endedMs: performance.now() }
}

/**
 * Starts a stage that is one command, one check, beside the next ones: two cores are there, and a type check or a
 * linter keeps only one of them busy. What it prints is held back until the stage is waited for, so that no two mix.
 * @param {Account} account @param {string} name @param {string[]} argv
 * @returns {() => Promise<void>} waits for it, says what it printed, and counts it
 */
export function beside(account, name, argv) {
  const start = performance.now()
  const ended = runAside(argv)
  return () =>
    stage(account, name, async () => {
      const { text, exitCode, endedMs } = await ended
      account.say(text)
      if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}`)
      account.passed += 1
      account.say(chalk.dim(`${((endedMs - start) / 1000).toFixed(1)} s beside the stages above\n`))
    })
}

/**
 * A stage that is one command: one check.
 * @param {Account} account @param {string} name @param {string[]} argv
 */
export async function tool(account, name, argv) {
  await stage(account, name, async () => {
    const exitCode = await run(argv)
    if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}`)
    account.passed += 1
  })
}

/**
 * A stage that is one vitest project: as many checks as it has tests.
 * @param {Account} account @param {string} project
 * @param {{ node?: string, name?: string, exclude?: string[] }} [how]
 */
export async function vitest(account, project, how = {}) {
  const { node = process.execPath, name = `tests: ${project}`, exclude = [] } = how
  const folder = await mkdtemp(path.join(os.tmpdir(), 'logctl-report-'))
  const report = path.join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  await stage(account, name, async () => {
    const left = exclude.map((file) => `--exclude=${file}`)
    const argv = [node, VITEST, 'run', '--config', CONFIG, '--project', project, ...left, ...reporters]
    const exitCode = await run(argv)
    const before = account.failed.length
    countReport(account, name, JSON.parse(await readFile(report, 'utf8')))
    // Errors outside any test leave no trace in the report but the exit status.
    if (exitCode !== 0 && account.failed.length === before) throw new Error(`vitest ended with ${exitCode}`)
  })
  await rm(folder, { recursive: true })
}

/**
 * @typedef {object} VitestReport
 * @property {{ name: string, status: string, message?: string,
 *   assertionResults: { status: string, fullName: string }[] }[]} testResults
 */

/**
 * Adds a report of vitest's json reporter to the account.
 * @param {Account} account @param {string} name @param {VitestReport} report
 */
export function countReport(account, name, report) {
  if (report.testResults.length === 0) account.failed.push(`${name}: no test was found`)
  for (const file of report.testResults) {
    const where = `${name}: ${path.basename(file.name)}`
    for (const { status, fullName } of file.assertionResults) {
      if (status === 'passed') account.passed += 1
      else if (status === 'failed') account.failed.push(`${where}: ${fullName}`)
      else skip(account, `${where}: ${fullName}`)
    }
    // A file that could not be loaded, or whose hooks failed.
    const blamed = file.assertionResults.some(({ status }) => status === 'failed')
    if (file.status === 'failed' && !blamed)
      account.failed.push(`${where}: ${file.message?.split('\n')[0] ?? 'could not run'}`)
  }
}

/** Says loudly what is not checked here. @param {Account} account @param {string} what */
export function skip(account, what) {
  if (account.strict) account.failed.push(`${what} (skipped, which CI=true does not allow)`)
  else account.skipped.push(what)
}

/**
 * Names what failed or was skipped; the last line of the run is `N passed, N failed`.
 * @param {Account} account @returns {number} the exit status
 */
export function summary(account) {
  process.stdout.write('\n')
  for (const name of account.skipped) process.stdout.write(`${chalk.yellow('SKIPPED')} ${name}\n`)
  for (const name of account.failed) process.stdout.write(`${chalk.red('FAILED')} ${name}\n`)
  const seconds = Math.round((performance.now() - account.startedMs) / 1000)
  process.stdout.write(
    `${chalk.dim(`after ${seconds} s`)}\n${account.passed} passed, ${account.failed.length} failed\n`,
  )
  return account.failed.length === 0 ? 0 : 1
}
