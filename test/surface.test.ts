// The surface that scripts outside rely on changes only on purpose: commands, flags, variables, JSON, metrics, codes.
// After a change on purpose: `npx vitest run --config test/vitest.config.ts test/surface.test.ts -u`.
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Command } from '@oclif/core/command'
import { Config } from '@oclif/core/config'
import { beforeAll, describe, expect, test } from 'vitest'
import { FAILURES } from '#logctl/errors.js'
import { API_KEYS_VARIABLE, SHORT_VARIABLES } from '#logctl/config/aliases.js'
import { SETTINGS } from '#logctl/config/settings.js'
import { METRICS } from '#logctl/server/metrics.js'
import { ROOT } from './house/files.js'
import { logctl, type Server, startServer } from './house/program.js'

const config = await Config.load({ root: ROOT })
const commands = config.commands.filter((command) => command.pluginName === config.name)

async function snapshot(name: string, value: unknown): Promise<void> {
  await expect(`${JSON.stringify(value, null, 2)}\n`).toMatchFileSnapshot(`cases/surface/${name}.json`)
}

describe('commands', () => {
  // oclif leaves out a command whose module cannot be loaded.
  test('are the files under src/commands', () => {
    const files = readdirSync(path.join(ROOT, 'src/commands'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => file.slice(0, -3))
    expect(commands.map((command) => command.id.replaceAll(':', '/')).sort()).toEqual(files.sort())
  })

  test('with their arguments, flags and variables', async () => {
    expect(commands.length).toBeGreaterThan(0)
    const all = commands.map((command) => ({ command, flags: sorted(command.flags, flagSurface) }))
    const everywhere = Object.entries(all[0]?.flags ?? {}).filter(([name, flag]) =>
      all.every(({ flags }) => JSON.stringify(flags[name]) === JSON.stringify(flag)),
    )
    const global = new Map(everywhere)
    const own = all.map(({ command, flags }) => [
      command.id.replaceAll(':', ' '),
      whatIsSet({
        aliases: command.aliases,
        args: Object.entries(command.args).map(([name, arg]) => (arg.required ? name : `[${name}]`)),
        flags: Object.fromEntries(Object.entries(flags).filter(([name]) => !global.has(name))),
      }),
    ])
    await snapshot('commands', {
      global: Object.fromEntries(global),
      commands: sorted(Object.fromEntries(own), (one: unknown) => one),
    })
  })

  test.each(commands.map((command) => [command.id, command] as const))('%s explains itself', (_, command) => {
    expect(command.summary, 'a summary').toBeTruthy()
    expect(command.summary, 'a fragment').not.toMatch(/\.$/)
    expect(command.examples?.length ?? 0, 'an example').toBeGreaterThan(0)
    for (const flag of Object.values(command.flags))
      expect(flag.summary ?? flag.description, `--${flag.name} has a summary`).toBeTruthy()
  })
})

test('failures: codes, exit and HTTP statuses', async () => {
  await snapshot(
    'failures',
    sorted(FAILURES, ({ exit, http }) => ({ exit, http })),
  )
})

test('metrics and their labels', async () => {
  await snapshot(
    'metrics',
    sorted(METRICS, (metric) => ('labels' in metric ? metric.labels : [])),
  )
})

test('keys of the configuration and their variables', async () => {
  const settings = sorted(Object.fromEntries(SETTINGS), ({ variable }) => variable)
  await snapshot('settings', { settings, short: SHORT_VARIABLES, keys: API_KEYS_VARIABLE })
})

describe('JSON', () => {
  const EVENT = {
    timestamp: '2025-01-11T09:30:00Z',
    source: 'web',
    tenant: 'acme',
    stream: 'stdout',
    level: 'info',
    message: 'GET /orders 200',
    status: 200,
  }
  let home: string
  let server: Server

  beforeAll(async () => {
    home = await mkdtemp(path.join(os.tmpdir(), 'logctl-surface-'))
    server = await startServer(path.join(home, 'data'), home)
    return async () => {
      await server.stop()
      await rm(home, { recursive: true })
    }
  })

  test('of requests', async () => {
    const answers: Record<string, unknown> = {}
    const ask = async (call: string, body?: string) => {
      const [method = '', where = ''] = call.split(' ')
      const response = await fetch(`${server.url}${where}`, { method, ...(body !== undefined && { body }) })
      answers[call] = { status: response.status, body: shape(await response.json()) }
    }
    await ask(
      'POST /api/v1/logs',
      `${JSON.stringify(EVENT)}\nnot json {\n{"timestamp":"2200-01-01T00:00:00Z"}`,
    )
    await ask('GET /health')
    await ask('GET /no/such/path')
    await snapshot('http', answers)
  })

  type Place = 'server' | 'data' | 'nowhere'
  const ASKS: readonly (readonly [string, Place])[] = [
    ['stats 2025-01-11', 'server'],
    ['stats 1999-01-01', 'server'],
    ['tail --no-follow -n 1', 'server'],
    ['grep orders', 'server'],
    ['labels', 'server'],
    ['query {} --date 2025-01-11', 'server'],
    ['query count_over_time({}[1d]) --now 2025-01-12', 'server'],
    ['query {} --explain', 'nowhere'],
    ['status', 'server'],
    ['prune --older-than 36500d --dry-run --force', 'data'],
    ['key create surface', 'data'],
    ['key list', 'data'],
    ['cert client surface --output certificates', 'data'],
    ['cert list', 'data'],
    ['cert status', 'data'],
    ['config show', 'nowhere'],
  ]
  const asks = ASKS.filter(([ask]) =>
    commands.some((command) => ask.startsWith(command.id.replaceAll(':', ' '))),
  )

  test('of commands', async () => {
    const answers: Record<string, unknown> = {}
    const where = { server: ['--server', server.url], data: ['--data', path.join(home, 'data')], nowhere: [] }
    for (const [ask, place] of asks) {
      const { status, stdout, stderr } = await logctl([...ask.split(' '), '--json', ...where[place]], home)
      expect(status, `${ask}: ${stderr}`).toBeLessThan(2)
      answers[`${ask} --json`] = { status, body: shape(JSON.parse(firstValue(stdout))) }
    }
    await snapshot('json', answers)
  })
})

function flagSurface(flag: Command.Flag.Cached): Record<string, unknown> {
  const { char, env, required, exclusive } = flag
  const own =
    flag.type === 'boolean'
      ? { no: flag.allowNo }
      : { takes: flag.options ?? 'value', multiple: flag.multiple }
  return whatIsSet({ char, env, required, excludes: exclusive, ...own })
}

/** What JSON is made of: its keys, and for each leaf the type. Of an array the first element speaks for all. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map((element) => shape(element))
  if (typeof value === 'object' && value !== null)
    return sorted({ ...value }, (inner: unknown) => shape(inner))
  return value === null ? 'null' : typeof value
}

/** NDJSON gives its first line, anything else the whole. */
function firstValue(stdout: string): string {
  return stdout.startsWith('{"') ? (stdout.split('\n')[0] ?? '') : stdout
}

function sorted<T>(table: Readonly<Record<string, T>>, each: (value: T) => unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(table)
      .sort()
      .map((key) => [key, each(table[key] as T)]),
  )
}

/** Only what is set. */
function whatIsSet(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([, value]) => value !== undefined && value !== false && !isEmpty(value),
    ),
  )
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
