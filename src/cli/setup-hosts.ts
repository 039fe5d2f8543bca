// Brings machines to what a plan describes, several at a time, and reports step by step.
import { hostname, userInfo } from 'node:os'
import { fail, LogctlError } from '../errors.js'
import { columns } from '../format/columns.js'
import { printable, printableCell } from '../format/printable.js'
import { apply, rehearse } from '../provision/apply.js'
import { changeText } from '../provision/change.js'
import { diffOf } from '../provision/diff.js'
import type { Host } from '../provision/host.js'
import { lock } from '../provision/lock.js'
import { isDrift, type Step, type StepReport } from '../provision/step.js'
import { openHost } from './open-host.js'
import { startProgress } from './progress.js'
import type { Session } from './session.js'

export interface SetupWish {
  readonly hosts: readonly string[]
  readonly steps: readonly Step[]
  readonly version: string
  readonly yes: boolean
  readonly dryRun: boolean
  readonly check: boolean
  readonly diff: boolean
  /** Asks a machine whether all of it works; not after a rehearsal. */
  readonly prove?: ((host: Host) => Promise<string>) | undefined
}

interface Result {
  readonly host: string
  readonly reports: readonly StepReport[]
  readonly proof?: string
  readonly failure?: LogctlError
}

/** Machines that are worked on at once. */
const AT_ONCE = 8

/** Resolves to the exit status. Throws the failure where there is one machine only. */
export async function setupHosts(session: Session, wish: SetupWish): Promise<number> {
  const waiting = [...new Set(wish.hosts)]
  const results: Result[] = []
  const work = async (): Promise<void> => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift())
      results.push(await setupHost(session, host, wish))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return conclude(session, results, wish)
}

async function setupHost(session: Session, name: string, wish: SetupWish): Promise<Result> {
  const reports: StepReport[] = []
  let host: Host | undefined
  const progress = await startProgress(session, `${name}: connecting`)
  try {
    host = await openHost(session, name, { yes: wish.yes, pausing: progress })
    for await (const report of walk(session, host, wish, progress.show)) {
      reports.push(report)
      await tell(session, report, wish)
    }
    if (wish.dryRun || wish.check || !wish.prove) return { host: name, reports }
    progress.show(`${name}: proving that it works`)
    return { host: name, reports, proof: await wish.prove(host) }
  } catch (error) {
    if (error instanceof LogctlError) return { host: name, reports, failure: error }
    throw error
  } finally {
    progress.end()
    await host?.close()
  }
}

async function* walk(
  { world }: Session,
  host: Host,
  wish: SetupWish,
  show: (text: string) => void,
): AsyncGenerator<StepReport> {
  const { nowMs, interrupted: signal } = world
  const began = ({ title }: Step): void => show(`${host.name}: ${title}`)
  if (wish.dryRun || wish.check) {
    yield* rehearse(host, wish.steps, { nowMs, began, signal })
    return
  }
  const by = `${userInfo().username}@${hostname()}`
  // What is unfit is refused before the lock is the first thing that it gets.
  const [fitness, ...steps] = wish.steps
  if (fitness) await fitness.propose(host)
  const release = await lock(host, `${by} since ${new Date(nowMs()).toISOString()}`)
  try {
    yield* apply(host, fitness ? [fitness, ...steps] : [], {
      nowMs,
      began,
      signal,
      audit: { by, version: wish.version, nowMs },
    })
  } finally {
    await release()
  }
}

async function tell(session: Session, report: StepReport, { diff }: SetupWish): Promise<void> {
  const { out, json, paint, verbose } = session
  const { host, step, title, outcome, notes, ms } = report
  const changes = report.changes.map(changeText)
  const diffs = diff ? report.changes.flatMap((change) => diffOf(change) ?? []) : []
  if (json) {
    const event = { host, step, outcome, changes, notes, ms, ...(diff ? { diffs } : {}) }
    await out.write(`${JSON.stringify(event)}\n`)
    return
  }
  if (outcome === 'settled' && !verbose) return
  const lines = [
    `${paint('bold', outcome)}  ${host}  ${title}`,
    ...[...changes, ...notes].map((text) => `  ${text}`),
  ]
  await out.write(
    lines.map((line) => `${printable(line)}\n`).join('') + diffs.map((text) => printable(text)).join(''),
  )
}

async function conclude(session: Session, results: readonly Result[], wish: SetupWish): Promise<number> {
  const failed = results.flatMap(({ failure }) => failure ?? [])
  const [only] = failed
  if (only && results.length === 1) throw only
  const summary = results.map((result) => summaryOf(result))
  if (session.json) await session.out.write(`${JSON.stringify({ hosts: summary })}\n`)
  else await session.out.write(tableOf(summary, session))
  for (const { host, failure } of results) if (failure) session.warn(`${host}: ${failure.message}`)
  if (only && failed.length === results.length)
    fail(only.code, `no machine was set up: ${only.message}`, { hints: only.hints })
  const drifts = results.some(({ reports }) => reports.some(({ outcome }) => isDrift(outcome)))
  return session.status(wish.check && drifts ? 1 : 0)
}

interface Summary {
  readonly host: string
  readonly result: string
  readonly changed: number
  readonly settled: number
  readonly refused: number
  readonly ms: number
}

function summaryOf({ host, reports, proof, failure }: Result): Summary {
  const count = (...outcomes: readonly string[]): number =>
    reports.filter(({ outcome }) => outcomes.includes(outcome)).length
  const changed = count('changed', 'would-change')
  return {
    host,
    result:
      failure?.code ?? proof ?? (changed === 0 ? 'settled' : count('changed') > 0 ? 'changed' : 'drift'),
    changed,
    settled: count('settled'),
    refused: count('refused', 'unavailable'),
    ms: reports.reduce((sum, { ms }) => sum + ms, 0),
  }
}

function tableOf(rows: readonly Summary[], { paint }: Session): string {
  const heading = ['HOST', 'RESULT', 'CHANGED', 'SETTLED', 'REFUSED', 'SECONDS'].map((text) =>
    paint('bold', text),
  )
  const cells = rows.map(({ host, result, changed, settled, refused, ms }) => [
    printableCell(host),
    result,
    String(changed),
    String(settled),
    String(refused),
    (ms / 1000).toFixed(1),
  ])
  return columns([heading, ...cells])
}
