// Which server `verify` proves, as whom, and how the result is printed.
import type { ServerAddress } from '../client/connection.js'
import type { VerifyCheck } from '../client/verify.js'
import { fail } from '../errors.js'
import { columns } from '../format/columns.js'
import { printableCell } from '../format/printable.js'
import type { Secret } from '../secret.js'
import { runningUrl } from './running-server.js'
import { answer, type Session } from './session.js'
import { senderSnippets } from './sender-snippets.js'

/** A server that was just started replays its log first. Milliseconds. */
const PATIENCE_MS = 30_000
/** How often a folder is looked at for a server that is starting. Milliseconds. */
const LOOK_MS = 200

/** Resolves to the exit status. */
export async function verifyServer(session: Session): Promise<number> {
  const { world, loaded, json, terminal } = session
  const { ca } = loaded.config.client
  const url = await urlOf(session)
  const { verify } = await import('../client/verify.js')
  const address: ServerAddress = { url, ca, key: keyOf(session), signal: world.interrupted }
  const checks = await verify(address, { nowMs: world.nowMs, patienceMs: PATIENCE_MS })
  const isGood = checks.every(({ status }) => status === 'ok')
  await answer(session, { server: url, status: isGood ? 'ok' : 'failed', checks }, () =>
    textOf(checks, session),
  )
  if (!json && terminal && isGood) await session.out.write(senderSnippets(url))
  return session.status(isGood ? 0 : 1)
}

async function urlOf({ loaded: { config }, world }: Session): Promise<string> {
  if (config.client.server !== undefined) return config.client.server
  const until = world.nowMs() + PATIENCE_MS
  const { data } = config.store
  for (;;) {
    const url = await runningUrl(data)
    if (url !== undefined) return url
    if (world.nowMs() > until)
      return fail('UNREACHABLE', `no server runs on ${data}`, {
        hints: ['name one with --server URL', 'logctl serve'],
      })
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** The key that was given, else one of the configuration that writes and reads for every tenant. */
function keyOf({ loaded: { config } }: Session): Secret | undefined {
  const wide = config.keys.find(
    ({ tenant, scopes }) => tenant === undefined && scopes.includes('ingest') && scopes.includes('read'),
  )
  return config.client.key ?? wide?.value
}

function textOf(checks: readonly VerifyCheck[], { paint }: Session): string {
  return columns(
    checks.map(({ name, status, detail }) => [
      status === 'ok' ? 'ok' : paint('bold', 'FAILED'),
      name,
      printableCell(detail),
    ]),
  )
}
