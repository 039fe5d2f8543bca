// The built program's server over a folder of its own, and what it stored of the good senders.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const RUN = join(import.meta.dirname, '..', '..', 'bin', 'run.js')

/**
 * @param {string} folder
 * @param {{ nodeArgs?: readonly string[], procsFile?: string }} [how] `procsFile`: of the control group to run in
 */
export async function serve(folder, { nodeArgs = [], procsFile } = {}) {
  const enter = procsFile === undefined ? '' : `echo $$ > ${procsFile}; `
  const run = [
    process.execPath,
    ...nodeArgs,
    RUN,
    'serve',
    '--listen',
    '127.0.0.1:0',
    '--data',
    join(folder, 'data'),
  ]
  const child = spawn('sh', ['-c', `${enter}exec "$@"`, 'sh', ...run], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-100_000)))
  let url = ''
  while (url === '' && child.exitCode === null) {
    await new Promise((resolve) => void setTimeout(resolve, 20))
    url = /listening on (http:\/\/[\d.:]+)/.exec(said)?.[1] ?? ''
  }
  if (url === '') throw new Error(`serve does not listen: ${said}`)
  return {
    url,
    pid: child.pid ?? -1,
    /** What it said last. */
    said: () => said,
    /** @returns {Promise<number | null>} its exit status */
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      return child.exitCode
    },
  }
}

/** Lines of the source `good`, over all days. @param {string} url @returns {Promise<number>} */
export async function goodLinesStored(url) {
  const days = /** @type {{ days: string[] }} */ (await (await fetch(`${url}/api/v1/days`)).json())
  let lines = 0
  for (const date of days.days) {
    const answer = await fetch(`${url}/api/v1/stats?date=${date}`)
    if (answer.status !== 200) throw new Error(`stats of ${date}: ${answer.status} ${await answer.text()}`)
    const stats = /** @type {{ by: { source: Record<string, number> } }} */ (await answer.json())
    lines += stats.by.source['good'] ?? 0
  }
  return lines
}
