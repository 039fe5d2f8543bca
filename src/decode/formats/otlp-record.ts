// What OTLP's two forms share: which attributes of a resource are labels (Loki's list), which become fields, and how a
// log record becomes a line with its level. Names are those that Loki gives them, so that dashboards fit both.
import { Dictionary } from '../../record/dictionary.js'
import type { Labels } from '../../record/labels.js'
import { type Level, levelOfLine, levelOfSeverityNumber, levelOfWord } from '../../record/level.js'
import { type Timestamp, timestampOfNs } from '../../record/time.js'
import { type Account, accept, judgeTime, reject } from '../account.js'
import type { Decoded, RejectReason } from '../decoded.js'
import { addValue, type Draft, emptyDraft, jsonOf, openDraft } from '../draft.js'
import { isSpellingOfLevel } from '../event-level.js'
import { keepLine, LONGEST_TENANT } from '../normalise.js'
import { sharedLabels } from '../stream-labels.js'
import { repairText, withoutControls } from '../text.js'

export interface DecodedOtlp extends Decoded {
  /** Log records in the request, refused ones too. */
  readonly entries: number
}

/** Resource attributes that Loki makes labels of (`limits_config.otlp_config`, its default). */
const LABEL_ATTRIBUTES: ReadonlySet<string> = new Set([
  'service.name',
  'service.namespace',
  'service.instance.id',
  'deployment.environment',
  'deployment.environment.name',
  'cloud.region',
  'cloud.availability_zone',
  'k8s.cluster.name',
  'k8s.namespace.name',
  'k8s.pod.name',
  'k8s.container.name',
  'k8s.replicaset.name',
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
  'container.name',
])
const TENANT_ATTRIBUTE = 'tenant'
const NO_TENANT = 'none'

/** Name and value; a value is text, number, boolean, array, object, or null where there is none. */
export type Attributes = readonly (readonly [name: string, value: unknown])[]

export interface OtlpResource {
  readonly labels: Labels
  readonly tenant: string
  /** Attributes that are no labels. */
  readonly rest: Attributes
}

export interface OtlpScope {
  readonly name: string
  readonly version: string
  readonly attributes: Attributes
}

export interface OtlpLog {
  /** Nanoseconds since the epoch; 0 where it is not known. */
  readonly time: bigint
  readonly observedTime: bigint
  readonly severityNumber: number
  readonly severityText: string
  readonly body: unknown
  readonly attributes: Attributes
  readonly flags: number
  /** Hex; empty where there is none. */
  readonly traceId: string
  readonly spanId: string
  readonly eventName: string
}

/** Of each part that a sender leaves out. */
export const EMPTY_LOG: OtlpLog = {
  time: 0n,
  observedTime: 0n,
  severityNumber: 0,
  severityText: '',
  body: null,
  attributes: [],
  flags: 0,
  traceId: '',
  spanId: '',
  eventName: '',
}

export const NO_SCOPE: OtlpScope = { name: '', version: '', attributes: [] }
/** Bytes for which the fixed fields of a log record (times, flags, ids) stand at most in its JSON form. */
const FIXED_BYTES = 4096

export function openResource(account: Account, attributes: Attributes): OtlpResource {
  const labels = new Dictionary<string>()
  const rest: (readonly [string, unknown])[] = []
  let tenant = ''
  for (const attribute of attributes) {
    const [name, value] = attribute
    if (name === TENANT_ATTRIBUTE && typeof value === 'string')
      tenant ||= withoutControls(repairText(account, value)).slice(0, LONGEST_TENANT)
    if (!LABEL_ATTRIBUTES.has(name) || value === null || typeof value === 'object') rest.push(attribute)
    else labels[fieldName(name)] ??= repairText(account, String(value))
  }
  return { labels: sharedLabels(labels), tenant: account.context.tenant ?? (tenant || NO_TENANT), rest }
}

const drafts = new WeakMap<Account, Draft>()

/**
 * Keeps or refuses one log record; `number` counts those of the request from 1. `bytes` is the length of its message with
 * those of scope and resource. Of attributes that share a name that of the record counts, then that of the scope.
 */
export function addLog(
  account: Account,
  { resource, scope }: { readonly resource: OtlpResource; readonly scope: OtlpScope },
  log: OtlpLog,
  { number, bytes }: { readonly number: number; readonly bytes: number },
): void {
  const timestamp = timeOf(account, log)
  if (timestamp === undefined) return reject(account, number, 'malformed', 'its time is out of range')
  const late = judgeTime(account, timestamp)
  if (late !== undefined) return reject(account, number, late, reasonOf(account, late))
  let draft = drafts.get(account)
  if (draft === undefined) drafts.set(account, (draft = openDraft(account)))
  emptyDraft(draft, undefined)
  const text = lineOf(draft, log)
  addFields(draft, log, scope, resource)
  if (draft.refusal !== undefined)
    return reject(account, number, draft.refusal, reasonOf(account, draft.refusal))
  const level = levelOf(log, text)
  const line = keepLine(account, text, draft.fields)
  const { labels, tenant } = resource
  const record = { timestamp, tenant, labels, level, line, fields: draft.fields }
  accept(account, number, record, bytes * 24 + FIXED_BYTES)
}

/** Its own time, else when it was observed, else now (the data model's rule). */
function timeOf(account: Account, { time, observedTime }: OtlpLog): Timestamp | undefined {
  const ns = time === 0n ? observedTime : time
  if (ns !== 0n) return timestampOfNs(ns)
  account.timeMissing = true
  return account.arrival
}

/** A record without a body says what it says by its attributes. */
function lineOf(draft: Draft, { body, attributes }: OtlpLog): string {
  if (typeof body === 'string') return repairText(draft.account, body)
  if (body !== null && body !== undefined) return jsonOf(draft, body, 1)
  const event = new Dictionary<unknown>()
  for (const [name, value] of attributes) event[name] ??= value
  return attributes.length === 0 ? '' : repairText(draft.account, jsonOf(draft, event, 1))
}

function addFields(draft: Draft, log: OtlpLog, scope: OtlpScope, resource: OtlpResource): void {
  draft.flattened = true
  addAttributes(draft, '', log.attributes)
  if (log.severityNumber !== 0) addValue(draft, 'severity_number', log.severityNumber)
  if (log.severityText !== '' && !isSpellingOfLevel(log.severityText))
    addValue(draft, 'severity_text', log.severityText)
  if (log.traceId !== '') addValue(draft, 'trace_id', log.traceId)
  if (log.spanId !== '') addValue(draft, 'span_id', log.spanId)
  if (log.flags !== 0) addValue(draft, 'flags', log.flags)
  if (log.eventName !== '') addValue(draft, 'event_name', log.eventName)
  if (log.time !== 0n && log.observedTime !== 0n)
    addValue(draft, 'observed_timestamp', String(log.observedTime))
  if (scope.name !== '') addValue(draft, 'scope_name', scope.name)
  if (scope.version !== '') addValue(draft, 'scope_version', scope.version)
  addAttributes(draft, 'scope_', scope.attributes)
  addAttributes(draft, '', resource.rest)
}

function addAttributes(draft: Draft, prefix: string, attributes: Attributes): void {
  for (const [name, value] of attributes) {
    if (draft.refusal !== undefined) return
    if (name !== '') addValue(draft, prefix + fieldName(name), value)
  }
}

/** As Loki cleans names. */
function fieldName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_')
}

function levelOf({ severityNumber, severityText }: OtlpLog, line: string): Level {
  return levelOfSeverityNumber(severityNumber) ?? levelOfWord(severityText) ?? levelOfLine(line) ?? 'unknown'
}

function reasonOf({ context: { limits } }: Account, why: RejectReason): string {
  if (why === 'too_many_fields') return `the log record has more than ${limits.fields} attributes`
  if (why === 'too_deep') return `the log record is nested deeper than ${limits.depth} levels`
  if (why === 'too_old') return `its time is older than ${(limits.maxAgeMs ?? 0) / 1000} seconds`
  return `its time is more than ${limits.aheadMs / 1000} seconds ahead of the clock`
}
