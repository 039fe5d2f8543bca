// The stages that answer soon: build, types, lint, and the fast tests on every Node that is promised.
import { otherNodes } from './nodes.mjs'
import { beside, skip, stage, tool, vitest } from './stages.mjs'

/** Tests of the sources and scripts, which are the same on every Node. */
const OF_SOURCES = ['architecture', 'docs', 'repository', 'surface', 'scripts/**/*'].map(
  (name) => `test/${name}.test.ts`,
)

/** @param {import('./stages.mjs').Account} account */
export async function fastStages(account) {
  const linted = beside(account, 'lint', npmRun('lint'))
  await tool(account, 'build', npmRun('build'))
  await tool(account, 'typecheck', npmRun('typecheck'))
  await linted()
  await vitest(account, 'fast')
  for (const { major, path } of await nodes(account))
    await vitest(account, 'fast', { node: path, name: `tests: fast on Node ${major}`, exclude: OF_SOURCES })
}

/** @param {string} script */
function npmRun(script) {
  return ['npm', 'run', '--silent', script]
}

/** @param {import('./stages.mjs').Account} account */
async function nodes(account) {
  /** @type {{ major: number, path: string }[]} */
  let found = []
  await stage(account, 'other versions of Node', async () => {
    try {
      found = await otherNodes()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      account.say(`${why}\n`)
      skip(account, `tests on other versions of Node: ${why.split('\n')[0]}`)
    }
  })
  return found
}
