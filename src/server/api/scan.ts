// POST /api/v1/scan: the records that a scan request asks for, one JSON line each, and a last line that says that
// the answer is whole or why it is not. A reader that meets no such line was cut off.
import { LogctlError } from '../../errors.js'
import type { StoredRecord } from '../../record/record.js'
import { narrowTenants, tenantsForRead } from '../access.js'
import { writePiece } from '../answer.js'
import type { Exchange } from '../exchange.js'
import { clientGone, goneSignal } from '../exchange.js'
import type { Route, Service } from '../service.js'
import { readJson } from './read-json.js'
import { storedRecordToJson } from './record-text.js'
import { scanSchema } from './scan-schema.js'
import { timeLimit } from './time-limit.js'
import { gatherWarnings, tooManyRows } from './whole-answer.js'

export const scanRoute: Route = {
  method: 'POST',
  path: '/api/v1/scan',
  scope: 'read',
  errors: 'json',
  handle: scan,
}

async function scan(exchange: Exchange, service: Service): Promise<void> {
  const asked = await readJson(exchange, scanSchema, service)
  const tenants = narrowTenants(asked.tenants, tenantsForRead(exchange.request, exchange.caller))
  const limit = timeLimit(service.settings.config.query.timeout, goneSignal(exchange))
  const { warnings, warn } = gatherWarnings()
  const found = service.store.scan({ ...asked, tenants }, { signal: limit.signal, warn })
  const pieces = found[Symbol.asyncIterator]()
  try {
    // A query that is refused throws here, while the answer can still say so by its status.
    const first = await limit.run(() => pieces.next())
    exchange.response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    const next = (): Promise<IteratorResult<readonly StoredRecord[]>> => limit.run(() => pieces.next())
    const end = await writeAll(exchange, service, first, next)
    if (exchange.response.destroyed) throw clientGone()
    exchange.response.end(`${JSON.stringify({ end: { ...end, warnings } })}\n`)
  } finally {
    await pieces.return?.()
  }
}

/** How the answer ended: the number of records, and the error that kept the rest back. */
async function writeAll(
  exchange: Exchange,
  service: Service,
  first: IteratorResult<readonly StoredRecord[]>,
  next: () => Promise<IteratorResult<readonly StoredRecord[]>>,
): Promise<{ records: number; error?: object }> {
  const maxRows = service.settings.config.query.max_rows ?? Number.POSITIVE_INFINITY
  let records = 0
  try {
    for (let piece = first; !piece.done; piece = await next()) {
      if (piece.value.length === 0) continue
      await writePiece(
        exchange,
        piece.value.map((record) => `${storedRecordToJson(record)}\n`).join(''),
        service,
      )
      records += piece.value.length
      if (records > maxRows) throw tooManyRows(maxRows)
    }
    return { records }
  } catch (error) {
    if (exchange.response.destroyed) throw error
    if (!(error instanceof LogctlError)) service.log.error({ err: error }, 'a scan failed')
    const told = error instanceof LogctlError ? error : new LogctlError('BUG', 'a mistake in logctl')
    return { records, ...told.toJSON() }
  }
}
