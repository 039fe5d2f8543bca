// The walk over a plan: what changes, what is settled the second time, what a rehearsal leaves alone.
import { expect, test } from 'vitest'
import { apply, rehearse } from '#logctl/provision/apply.js'
import { AUDIT_FILE } from '#logctl/provision/audit.js'
import type { Change } from '#logctl/provision/change.js'
import type { Host, Witness } from '#logctl/provision/host.js'
import type { Step, StepReport } from '#logctl/provision/step.js'
import { memoryHost, memoryMachine, type MemoryMachine } from '#logctl/provision/transports/memory.js'
import { Secret } from '#logctl/secret.js'

const nowMs = () => Date.parse('2025-01-11T09:30:00Z')
const audit = { by: 'ada@laptop', version: '1.2.3', nowMs }

const step = (id: string, propose: (host: Witness) => Promise<readonly Change[]>): Step => ({
  id,
  title: id,
  propose,
})

const file = (path: string, text: string | Secret): Step =>
  step(path, async (host) => {
    const wanted = text instanceof Secret ? text.open() : text
    const before = (await host.read(path))?.text
    return before === wanted ? [] : [{ kind: 'put', path, text, mode: '0644', owner: 'root:root', before }]
  })

/** A kernel setting that the machine takes, or refuses. */
const setting = (machine: MemoryMachine, takes: boolean): Step => {
  let value = '1'
  machine.answers.set('sysctl -w a=2', () => {
    if (takes) value = '2'
    return takes ? { status: 0, stdout: '', stderr: '' } : { status: 1, stdout: '', stderr: 'read-only' }
  })
  machine.answers.set('sysctl -n a', () => ({ status: 0, stdout: value, stderr: '' }))
  return step('setting', async (host) =>
    (await host.ask(['sysctl', '-n', 'a'])).stdout === '2'
      ? []
      : [{ kind: 'run', argv: ['sysctl', '-w', 'a=2'], because: 'more', otherwise: 'refused' }],
  )
}

async function all(reports: AsyncGenerator<StepReport>): Promise<readonly StepReport[]> {
  const found: StepReport[] = []
  for await (const report of reports) found.push(report)
  return found
}

const run = (host: Host, steps: readonly Step[]) => all(apply(host, steps, { nowMs, audit }))
const outcomes = (reports: readonly StepReport[]) => reports.map(({ outcome }) => outcome)

test('a second run changes nothing', async () => {
  const machine = memoryMachine()
  const host = memoryHost(machine)
  const steps = [file('/a', 'one'), file('/b', new Secret('hush')), setting(machine, true)]
  expect(outcomes(await run(host, steps))).toEqual(['changed', 'changed', 'changed'])
  machine.ran.length = 0
  expect(outcomes(await run(host, steps))).toEqual(['settled', 'settled', 'settled'])
  expect(machine.ran).toEqual([])
})

test('what the machine refuses is said, remembered, and no drift', async () => {
  const machine = memoryMachine()
  const host = memoryHost(machine)
  const steps = [setting(machine, false)]
  const [first] = await run(host, steps)
  expect(first).toMatchObject({ outcome: 'refused', notes: ['run sysctl -w a=2: more: read-only'] })
  expect(outcomes(await all(rehearse(host, steps, { nowMs })))).toEqual(['refused'])
  expect(outcomes(await run(host, steps))).toEqual(['refused'])
})

test('a rehearsal sees what earlier steps would write, and leaves the machine alone', async () => {
  const machine = memoryMachine()
  const host = memoryHost(machine)
  const copy = step('copy', async (from) => {
    const text = (await from.read('/a'))?.text ?? 'nothing'
    return [{ kind: 'put', path: '/copy', text, mode: '0644', owner: 'root:root' }]
  })
  const reports = await all(rehearse(host, [file('/a', 'one'), copy, setting(machine, true)], { nowMs }))
  expect(outcomes(reports)).toEqual(['would-change', 'would-change', 'would-change'])
  expect(reports[1]?.changes).toMatchObject([{ text: 'one' }])
  expect(machine.files.size).toBe(0)
  expect(machine.ran).toEqual([])
})

test('a step that never settles is an error', async () => {
  const restless = step('restless', async () => [{ kind: 'run', argv: ['true'], because: 'always' }])
  await expect(run(memoryHost(memoryMachine()), [restless])).rejects.toMatchObject({ code: 'STEP_UNSETTLED' })
})

test('a command that fails ends the walk; the next run goes on from there', async () => {
  const machine = memoryMachine()
  const host = memoryHost(machine)
  let isFull = true
  machine.answers.set('tar -x', () => ({
    status: isFull ? 2 : 0,
    stdout: '',
    stderr: 'No space left on device',
  }))
  const unpack = step('unpack', async (from) =>
    (await from.read('/done'))
      ? []
      : [
          { kind: 'run', argv: ['tar', '-x'], because: 'new' },
          { kind: 'put', path: '/done', text: '', mode: '0644', owner: 'root:root' },
        ],
  )
  const steps = [file('/a', 'one'), unpack]
  await expect(run(host, steps)).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: 'memory: tar -x ended with 2: No space left on device',
  })
  expect(machine.files.get('/a')?.text).toBe('one')
  isFull = false
  expect(outcomes(await run(host, steps))).toEqual(['settled', 'changed'])
})

test('the audit names every change and holds no secret', async () => {
  const lines: string[] = []
  const machine = memoryMachine()
  const host: Host = {
    ...memoryHost(machine),
    run: async (argv, options) => {
      if (argv.includes(AUDIT_FILE)) lines.push(String(options?.input))
      return memoryHost(machine).run(argv, options)
    },
  }
  await run(host, [file('/a', 'one'), file('/b', new Secret('hush'))])
  const [first, second] = lines.map((line) => JSON.parse(line) as unknown)
  expect(first).toMatchObject({
    by: 'ada@laptop',
    version: '1.2.3',
    step: '/a',
    change: 'write /a (0644 root:root)',
  })
  expect(first).toHaveProperty('sha256', expect.stringMatching(/^[0-9a-f]{64}$/))
  expect(second).toMatchObject({ step: '/b', change: 'write /b (0644 root:root)' })
  expect(lines.join('')).not.toContain('hush')
  expect(lines[1]).not.toContain('sha256')
})

test('Ctrl-C stops between two changes', async () => {
  const stop = new AbortController()
  const machine = memoryMachine()
  const host = memoryHost(machine)
  const stopping = step('stopping', async () => {
    stop.abort()
    return [{ kind: 'put', path: '/never', text: '', mode: '0644', owner: 'root:root' }]
  })
  const walking = all(apply(host, [stopping], { nowMs, audit, signal: stop.signal }))
  await expect(walking).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect(machine.files.has('/never')).toBe(false)
})
