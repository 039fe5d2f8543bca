// Elasticsearch's bulk body: a line that says what to do, and behind it the document. Each document is a flat event;
// what became of each is told item by item, since clients send again what was refused.
import { type Account, addDoorLabels, closeAccount, openAccount, reject } from '../account.js'
import type { DecodeContext, Decoded, Rejection } from '../decoded.js'
import { forEachLine } from '../framing.js'
import { bodyText, pieceOf, repairText } from '../text.js'
import { type LineStretch, type Request, takeDocument } from './json-events.js'

export const BULK_ACTIONS = ['index', 'create', 'update', 'delete'] as const
export type BulkAction = (typeof BULK_ACTIONS)[number]

/** One operation, in the order of the body. */
export interface BulkItem {
  readonly action: BulkAction
  /** Empty where neither line nor path names one. */
  readonly index: string
  readonly id?: string
  /** Undefined when it was kept. */
  refusal?: Rejection | undefined
}

export interface DecodedBulk extends Decoded {
  readonly items: readonly BulkItem[]
}

/** A longer name is no index's (Elasticsearch's own limit, 255 bytes), and no label's. UTF-16 units. */
const LONGEST_INDEX = 255
const LONGEST_ID = 512
/** The label that says which index a document was sent to. */
const LABEL = 'index'
const NO_ACTION = 'the line is no action such as {"create":{}}'
const CUT_OFF = 'the body ends before the document of its last action'

interface Bulk {
  readonly request: Request
  readonly items: BulkItem[]
  /** Whose document comes next. */
  pending: BulkItem | undefined
  /** The last line was no action, so that the next may be its document. */
  lost: boolean
  /** The last action's text and what it says: most bodies repeat one. */
  lastText: string
  last: BulkItem | undefined
  /** The index in the labels at hand. */
  labelled: string
}

/** `index` is that of the path. Never throws. */
export function decodeElasticsearchBulk(bytes: Buffer, context: DecodeContext, index = ''): DecodedBulk {
  const account = openAccount(context)
  const body = bodyText(bytes)
  account.mayEscape = body.escapes
  const request: Request = { account, body }
  const bulk: Bulk = {
    request,
    items: [],
    pending: undefined,
    lost: false,
    lastText: '',
    last: undefined,
    labelled: '',
  }
  let lines = 0
  forEachLine(bytes, 0, (from, to, line) => {
    lines = line
    if (bulk.pending === undefined) takeAction(bulk, pieceOf(account, body, from, to), line, index)
    else takeSource(bulk, bulk.pending, { from, to, line })
  })
  if (bulk.pending) refuse(account, bulk.pending, { line: lines + 1, why: 'malformed', reason: CUT_OFF })
  return { ...closeAccount(account), items: bulk.items }
}

function takeAction(bulk: Bulk, text: string, line: number, index: string): void {
  const { account } = bulk.request
  account.textRepaired = false
  const said = text === bulk.lastText ? bulk.last : actionOf(account, text, index)
  if (said === undefined) return takeNoAction(bulk, line)
  bulk.lost = false
  bulk.lastText = text
  bulk.last = said
  const item = { ...said }
  bulk.items.push(item)
  if (item.action === 'delete')
    refuse(account, item, { line, why: 'unsupported', reason: 'logs are not deleted one by one' })
  else bulk.pending = item
}

/** Refused once; what follows it is looked over until there is an action again. */
function takeNoAction(bulk: Bulk, line: number): void {
  if (bulk.lost) {
    bulk.lost = false
    return
  }
  const item: BulkItem = { action: 'index', index: '' }
  bulk.items.push(item)
  bulk.lost = true
  refuse(bulk.request.account, item, { line, why: 'malformed', reason: NO_ACTION })
}

function takeSource(bulk: Bulk, item: BulkItem, { from, to, line }: LineStretch): void {
  const { request } = bulk
  const { account } = request
  bulk.pending = undefined
  if (item.action === 'update')
    return refuse(account, item, { line, why: 'unsupported', reason: 'logs are not changed' })
  if (item.index !== bulk.labelled) {
    addDoorLabels(account, item.index === '' ? {} : { [LABEL]: item.index })
    bulk.labelled = item.index
  }
  const before = account.records.length
  takeDocument(request, from, to, line)
  if (account.records.length === before) item.refusal = account.lastRejection
}

function refuse(account: Account, item: BulkItem, { line, why, reason }: Rejection): void {
  reject(account, line, why, reason)
  item.refusal = account.lastRejection
}

/** `{"create":{"_index":"logs","_id":"1"}}`; undefined for anything else. */
function actionOf(account: Account, text: string, index: string): BulkItem | undefined {
  let sent: unknown
  try {
    sent = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof sent !== 'object' || sent === null) return undefined
  const [first, another] = Object.entries(sent)
  const action = BULK_ACTIONS.find((known) => known === first?.[0])
  const about: unknown = first?.[1]
  if (action === undefined || another !== undefined || typeof about !== 'object' || about === null)
    return undefined
  const { _index: named, _id: id } = about as { readonly _index?: unknown; readonly _id?: unknown }
  return {
    action,
    index: typeof named === 'string' && named !== '' ? textOf(account, named, LONGEST_INDEX) : index,
    ...(typeof id === 'string' && { id: textOf(account, id, LONGEST_ID) }),
  }
}

function textOf(account: Account, sent: string, most: number): string {
  return repairText(account, sent.slice(0, most))
}
