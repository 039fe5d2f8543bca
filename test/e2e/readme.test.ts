// README's flows run as they stand there, by bash, in a fresh folder; only their port is replaced by a free one.
import { mkdtemp, mkdir, readFile, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT } from '../house/files.js'

const readme = await readFile(path.join(ROOT, 'README.md'), 'utf8')
const [, flows = ''] = /\n## Flows\n([^]*?)\n## /.exec(readme) ?? []
const blocks = [...flows.matchAll(/### (.*)\n[^]*?```sh\n([^]*?)```/g)].map(
  ([, title = '', script = '']) => ({
    title,
    script,
  }),
)

const PORT = '8080'

/** A server that outlives a flow that failed would be waited for. */
const END_JOBS = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT"

/** The blocks share a folder, as they would in one terminal: what the first stored, the later ones read. */
let home: string

beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'logctl-readme-'))
  await mkdir(path.join(home, 'bin'))
  await symlink(path.join(ROOT, 'bin/run.js'), path.join(home, 'bin/logctl'))
  return () => rm(home, { recursive: true })
})

describe('flows', () => {
  test('are there', () => expect(blocks.length).toBeGreaterThan(1))

  test.each(blocks)('$title', async ({ script }) => {
    const text = script.replaceAll(PORT, String(await freePort()))
    const env = { PATH: `${home}/bin:${path.dirname(process.execPath)}:${process.env['PATH']}`, HOME: home }
    const { all } = await execa('bash', ['-euo', 'pipefail', '-c', `${END_JOBS}\n${text}\nwait`], {
      cwd: home,
      env,
      extendEnv: false,
      all: true,
      timeout: 60_000,
    })
    if (script.includes('grep memory')) expect(all).toContain('out of memory')
  })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
