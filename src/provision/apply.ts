// Walks the steps of a plan over a machine: ask, change, ask again. The same walk is the rehearsal, over an overlay.
import { fail } from '../errors.js'
import { auditLine, type Audit } from './audit.js'
import { type Change, changeText, perform } from './change.js'
import type { Host } from './host.js'
import { overlay } from './overlay.js'
import { readRefusals, type Refusals, writeRefusals } from './refusals.js'
import type { Outcome, Step, StepReport } from './step.js'

export interface ApplyOptions {
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number
  /** What each change is written down with. */
  readonly audit: Audit
  /** Called when a step starts. */
  readonly began?: ((step: Step) => void) | undefined
  /** Ends the walk between two changes. */
  readonly signal?: AbortSignal | undefined
}

/** Yields a report when a step is done. Throws STEP_FAILED, STEP_UNSETTLED, INTERRUPTED; what was done stays done. */
export async function* apply(
  host: Host,
  steps: readonly Step[],
  options: ApplyOptions,
): AsyncGenerator<StepReport> {
  const refusals = await readRefusals(host)
  const known = JSON.stringify([...refusals])
  for (const step of steps) yield await bring(host, step, { ...options, refusals })
  if (JSON.stringify([...refusals]) !== known) await writeRefusals(host, refusals)
}

/** Nothing is changed: writes are kept in memory, where later steps see them, and commands are not run. */
export async function* rehearse(
  host: Host,
  steps: readonly Step[],
  { nowMs, began, signal }: Pick<ApplyOptions, 'nowMs' | 'began' | 'signal'>,
): AsyncGenerator<StepReport> {
  const refusals = await readRefusals(host)
  const over = overlay(host)
  for (const step of steps) {
    stopAt(signal)
    began?.(step)
    const started = nowMs()
    const proposed = await step.propose(over)
    const changes = proposed.filter((change) => !refusals.has(changeText(change)))
    for (const change of changes) await perform(over, change)
    const outcome = changes.length > 0 ? 'would-change' : (excuse(proposed, refusals) ?? 'settled')
    yield report(host, step, { outcome, changes, notes: [], ms: nowMs() - started })
  }
}

type Bringing = ApplyOptions & { readonly refusals: Refusals }

async function bring(host: Host, step: Step, options: Bringing): Promise<StepReport> {
  const { nowMs, began, signal, refusals } = options
  stopAt(signal)
  began?.(step)
  const started = nowMs()
  const changes = await step.propose(host)
  const notes: string[] = []
  for (const change of changes) {
    stopAt(signal)
    const refused = await perform(host, change)
    if (refused === undefined) await auditLine(host, step.id, change, options.audit)
    note(change, refused, { notes, refusals })
  }
  const done = changes.filter((change) => !refusals.has(changeText(change)))
  const left = changes.length > 0 ? await step.propose(host) : []
  const open = left.filter((change) => !refusals.has(changeText(change)))
  if (open.length > 0)
    fail(
      'STEP_UNSETTLED',
      `${host.name}: ${step.id} is not settled after its changes: ${changeText(open[0]!)}`,
      {
        hints: ['does something else on that machine undo it?'],
      },
    )
  const outcome = done.length > 0 ? 'changed' : (excuse(changes, refusals) ?? 'settled')
  return report(host, step, { outcome, changes: done, notes, ms: nowMs() - started })
}

interface Noted {
  readonly notes: string[]
  readonly refusals: Refusals
}

function note(change: Change, refused: string | undefined, { notes, refusals }: Noted): void {
  const text = changeText(change)
  if (refused === undefined || change.kind !== 'run') refusals.delete(text)
  else {
    refusals.set(text, change.otherwise ?? 'refused')
    notes.push(`${text}: ${refused}`)
  }
}

function excuse(changes: readonly Change[], refusals: Refusals): Outcome | undefined {
  const [first] = changes
  return first && refusals.get(changeText(first))
}

function report(
  host: Host,
  { id, title }: Step,
  rest: Pick<StepReport, 'outcome' | 'changes' | 'notes' | 'ms'>,
): StepReport {
  return { host: host.name, step: id, title, ...rest }
}

function stopAt(signal: AbortSignal | undefined): void {
  if (signal?.aborted) fail('INTERRUPTED', 'stopped between two changes; the same command goes on from there')
}
