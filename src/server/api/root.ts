// GET /: for people a page that says what this is; for Elasticsearch's clients the banner without which they refuse
// to send (they also want its product header). Open to all.
import { sendJson, sendPage } from '../answer.js'
import { PRODUCT } from '../error-style.js'
import type { Exchange } from '../exchange.js'
import type { Route, Service } from '../service.js'

/** The protocol version that current clients of Elasticsearch 8 expect. */
const ELASTICSEARCH_VERSION = '8.9.0'

export const rootRoute: Route = { method: 'GET', path: '/', scope: 'open', errors: 'json', handle: root }

function root(exchange: Exchange, { version }: Service): Promise<void> {
  if (/\btext\/html\b/i.test(exchange.request.headers.accept ?? '')) sendPage(exchange, page(version))
  else sendJson(exchange, 200, BANNER, PRODUCT)
  return Promise.resolve()
}

const BANNER = {
  name: 'logctl',
  cluster_name: 'logctl',
  cluster_uuid: 'logctl',
  version: {
    number: ELASTICSEARCH_VERSION,
    build_flavor: 'default',
    build_type: 'tar',
    build_hash: 'logctl',
    build_snapshot: false,
    lucene_version: '9.7.0',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
}

function page(version: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>logctl</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>
<h1>logctl</h1>
<p>This is a log server, version ${version}. Send logs to <code>POST /api/v1/logs</code>; read them with
<code>logctl tail --server</code> and this address.</p>
<ul>
<li><a href="/health">health</a></li>
<li><a href="/ready">ready</a></li>
</ul>
</html>
`
}
