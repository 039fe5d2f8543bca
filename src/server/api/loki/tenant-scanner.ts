// A scanner that shows the tenants of one request and no others. Where a request names several, every record has its
// tenant as the label `__tenant_id__`, as Loki does for queries over several tenants.
import { fail } from '../../../errors.js'
import type { AggregateAnswer, AggregateRequest, Series } from '../../../record/aggregate-request.js'
import { textTest } from '../../../record/condition.js'
import { Dictionary } from '../../../record/dictionary.js'
import type { Labels } from '../../../record/labels.js'
import type { StoredRecord } from '../../../record/record.js'
import type { ScanOptions, Scanner } from '../../../record/scanner.js'
import type { Condition } from '../../../record/scan-request.js'
import type { Day } from '../../../record/time.js'

const TENANT = '__tenant_id__'
/** Under which Loki shows a sender's own label of that name. */
const SENT = 'original___tenant_id__'

/** Whom a request asks for, and what remains of its conditions. */
interface Scope {
  readonly tenants: readonly string[] | undefined
  readonly where: readonly Condition[]
}

/** `tenants` are those that the caller may read; undefined means all. */
export function tenantScanner(scanner: Scanner, tenants: readonly string[] | undefined): Scanner {
  const named = tenants !== undefined && tenants.length > 1
  const scope = (where: readonly Condition[]): Scope => (named ? narrow(tenants, where) : { tenants, where })
  const label = named ? labelled : (record: StoredRecord): StoredRecord => record
  return {
    scan: (request, options) =>
      withLabels(scanner.scan({ ...request, ...scope(request.where) }, options), label),
    follow: (request, options) =>
      withLabels(scanner.follow({ ...request, ...scope(request.where) }, options), label),
    aggregate(request, options) {
      const asked = { ...request, ...scope(request.where) }
      return named ? aggregateNamed(scanner, asked, options) : scanner.aggregate(asked, options)
    },
    async labels(request) {
      const asked = { ...request, ...scope(request.where) }
      const found = await scanner.labels(asked)
      return named && Object.keys(found).length > 0
        ? { [TENANT]: [...(asked.tenants ?? [])], ...found }
        : found
    },
    newestSequence: () => scanner.newestSequence(),
    stats: (request) => scanner.stats({ ...request, tenants }),
    async days() {
      const seen: Day[] = []
      for (const day of await scanner.days())
        if ((await scanner.stats({ day, tenants })) !== undefined) seen.push(day)
      return seen
    },
    // The store outlives the request.
    close: () => Promise.resolve(),
  }
}

/** A condition on `__tenant_id__` chooses among the tenants. */
function narrow(tenants: readonly string[], where: readonly Condition[]): Scope {
  let chosen = tenants
  const rest: Condition[] = []
  for (const condition of where) {
    if ((condition.kind === 'label' || condition.kind === 'field') && condition.name === TENANT)
      chosen = chosen.filter(textTest(condition))
    else rest.push(condition)
  }
  return { tenants: chosen, where: rest }
}

async function* withLabels(
  pieces: AsyncIterable<readonly StoredRecord[]>,
  label: (record: StoredRecord) => StoredRecord,
): AsyncGenerator<readonly StoredRecord[]> {
  for await (const piece of pieces) yield piece.map(label)
}

function labelled(record: StoredRecord): StoredRecord {
  return { ...record, labels: withTenant(record.labels, record.tenant) }
}

function withTenant(labels: Labels, tenant: string): Labels {
  const named = new Dictionary<string>()
  named[TENANT] = tenant
  for (const name of Object.keys(labels)) named[name === TENANT ? SENT : name] = labels[name] ?? ''
  return named
}

/** Tenant by tenant where series are to be told apart by it. */
async function aggregateNamed(
  scanner: Scanner,
  request: AggregateRequest & Scope,
  options: ScanOptions | undefined,
): Promise<AggregateAnswer> {
  const { group, tenants = [] } = request
  const apart =
    'without' in group ? !group.without.includes(TENANT) : group.by.some(({ name }) => name === TENANT)
  const asked = {
    ...request,
    group: 'by' in group ? { by: group.by.filter(({ name }) => name !== TENANT) } : group,
  }
  if (!apart) return scanner.aggregate(asked, options)
  const series: Series[] = []
  for (const tenant of tenants) {
    const found = await scanner.aggregate({ ...asked, tenants: [tenant] }, options)
    if (found.unreadable) return found
    for (const { labels, points } of found.series) series.push({ labels: withTenant(labels, tenant), points })
    if (series.length > request.maxSeries)
      fail('QUERY_LIMIT', `the answer has more than ${request.maxSeries} series`)
  }
  return { series, unreadable: false }
}
