// What clients of Elasticsearch ask before they send: whether it is well, licensed, and set up. What they would set up
// (templates, policies, pipelines) is of no use here; it is there already, and taken without effect where they insist.
import { sendJson } from '../answer.js'
import { PRODUCT } from '../error-style.js'
import type { Exchange } from '../exchange.js'
import type { Route } from '../service.js'

const HEALTH = {
  cluster_name: 'logctl',
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
}
/** Beats send to no other than an active one. */
const LICENSE = { status: 'active', uid: 'logctl', type: 'basic', issue_date: '2020-01-01T00:00:00.000Z' }

const SETUP = [
  '/_ilm/policy/{name}',
  '/_index_template/{name}',
  '/_component_template/{name}',
  '/_template/{name}',
  '/_ingest/pipeline/{name}',
  '/_data_stream/{name}',
]

export const elasticsearchRoutes: readonly Route[] = [
  route('GET', '/_cluster/health', HEALTH),
  route('GET', '/_license', { license: LICENSE }),
  route('GET', '/_xpack', { license: LICENSE, features: {}, tagline: 'You know, for X' }),
  ...SETUP.flatMap((path) => [route('GET', path, {}), route('PUT', path, { acknowledged: true })]),
]

function route(method: Route['method'], path: string, body: object): Route {
  return {
    method,
    path,
    scope: 'ingest',
    errors: 'elasticsearch',
    handle: (exchange: Exchange) => {
      sendJson(exchange, 200, body, PRODUCT)
      return Promise.resolve()
    },
  }
}
