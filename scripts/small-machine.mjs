// Runs a server in a memory group of 512 MiB through the day of 2,000,000 events: ingest over HTTP, seal, merge, queries
// from without, and bodies that are too large for it: npx zx scripts/small-machine.mjs [--mib 512]
// [--events 2000000]. It exits 1 when the kernel or V8 ended anything, or a line is missing. Root makes the group.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { argv, echo } from 'zx'
import { memoryGroup } from '../test/load/memory-group.mjs'
import { navigatorBodies } from '../test/load/navigator-bodies.mjs'
import { serve } from '../test/load/server.mjs'

const MIB = 2 ** 20
const SENDERS = 4
const ROOT = path.join(import.meta.dirname, '..')

const limitMiB = Number(argv['mib'] ?? 512)
const events = Number(argv['events'] ?? 2_000_000)
const folder = await mkdtemp(path.join(os.tmpdir(), 'logctl-small-'))
const group = memoryGroup(limitMiB * MIB)
if (!group) echo(`NO MEMORY GROUP HERE: V8's heap is cut instead, which bounds less than a container does`)
const nodeArgs = group ? [] : [`--max-old-space-size=${limitMiB / 2}`]
const server = await serve(folder, { nodeArgs, ...(group ? { procsFile: group.procsFile } : {}) })
let died = ''

/** Resident memory, its peak first. */
async function memory() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8').catch(() => '')
  const of = (/** @type {string} */ name) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024)
  const groupText = group
    ? `; group: peak ${Math.round(group.peakBytes() / MIB)}, without page cache now ${Math.round(group.usedBytes() / MIB)} MiB, limit met ${group.limitMet()}×, killed ${group.kills()}`
    : ''
  return `RSS ${of('VmRSS')}, peak ${of('VmHWM')} MiB${groupText}`
}

/** @param {string} name @param {() => Promise<string>} work */
async function step(name, work) {
  if (died !== '') return
  const startedMs = performance.now()
  const said = await work().catch((error) => {
    died = `${name}: ${error instanceof Error ? error.message : String(error)}`
    return 'FAILED'
  })
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  echo(`${name.padEnd(16)} ${seconds.padStart(7)} s  ${said}\n${' '.repeat(28)}${await memory()}`)
}

/** A command on another machine: its memory is its own. @param {readonly string[]} args */
async function logctl(...args) {
  const run = [process.execPath, path.join(ROOT, 'bin/run.js'), ...args, '--server', server.url]
  const { stdout } = await promisify(execFile)(run[0] ?? '', run.slice(1), { maxBuffer: 256 * MIB })
  return stdout
}

/** @param {Buffer} body @param {number} [tries] */
async function send(body, tries = 600) {
  for (let left = tries; left > 0; left--) {
    const answer = await fetch(`${server.url}/api/v1/logs`, { method: 'POST', body })
    await answer.arrayBuffer()
    if (answer.status !== 503) return answer.status
    await new Promise((resolve) => void setTimeout(resolve, 100))
  }
  return 503
}

await step('ingest', async () => {
  const bodies = navigatorBodies(events)
  const statuses = new Set()
  const sender = async () => {
    for (const body of bodies) statuses.add(await send(body))
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  return `${events} events, answers ${[...statuses].join(', ')}`
})
await step('seal', async () => {
  await fetch(`${server.url}/api/v1/seal`, { method: 'POST' })
  return ''
})
await step('merge', async () => {
  let parts = Number.NaN
  for (let same = 0; same < 10;) {
    await new Promise((resolve) => void setTimeout(resolve, 1000))
    const status = /** @type {{ store: { parts: number } }} */ (
      await (await fetch(`${server.url}/api/v1/status`)).json()
    )
    same = status.store.parts === parts ? same + 1 : 0
    parts = status.store.parts
  }
  return `${parts} parts`
})
await step('stats', async () => {
  const { total } = /** @type {{ total: number }} */ (
    JSON.parse(await logctl('stats', '2025-01-11', '--json'))
  )
  if (total !== events) throw new Error(`${total} events are stored, ${events} were sent`)
  return `${total} events`
})
await step(
  'tail',
  async () => `${(await logctl('tail', '-n', '100', '--no-follow')).split('\n').length - 1} lines`,
)
await step(
  'grep, rare',
  async () => `${(await logctl('grep', `request-${events - 1}`)).split('\n').length - 1} lines`,
)
await step('grep -c, common', async () => (await logctl('grep', '-c', 'completed')).trim())
await step('grep -c, regex', async () =>
  (await logctl('grep', '-c', '^con[a-z]+ re[a-z]+ed.*by up[a-z]+', '{tenant="tenant-7"}')).trim(),
)
await step('many at once', async () => {
  const all = await Promise.all(
    ['completed', 'refused', 'GET', 'finished'].map((word) => logctl('grep', '-c', word)),
  )
  return all.map((text) => text.trim()).join(', ')
})
for (const mib of [15, 90])
  await step(`6 × ${mib} MiB`, async () => {
    const line = `{"source":"big","message":"${'b'.repeat(200)}","status":200,"path":"/a/b/c"}\n`
    const body = Buffer.from(line.repeat(Math.floor((mib * MIB) / line.length)))
    return `answers ${(await Promise.all(Array.from({ length: 6 }, () => send(body, 100)))).join(', ')}`
  })
const status = await server.stop()
echo(`serve ended with ${status}; ${died === '' ? 'nothing was killed' : died}`)
if (died !== '') echo(server.said().slice(-2000))
const killed = group?.kills() ?? 0
await group?.remove()
await rm(folder, { recursive: true })
process.exitCode = died === '' && status === 0 && killed === 0 ? 0 : 1
