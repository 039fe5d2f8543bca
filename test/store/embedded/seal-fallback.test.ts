// Whatever DuckDB refuses in typed columns, a segment is sealed: in the end with everything in `_more`.
import { afterEach, expect, test } from 'vitest'
import type { LogRecord } from '#logctl/record/record.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { Duck } from '#logctl/store/embedded/duck.js'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { tempFolder } from '../../temp-folder.js'

const run = Duck.prototype.run

afterEach(() => {
  Duck.prototype.run = run
})

const RECORDS: LogRecord[] = Array.from({ length: 50 }, (_, i) => ({
  timestamp: timestampOfMs(Date.UTC(2025, 0, 11, 0, 0, i)),
  tenant: 'acme',
  labels: { service_name: 'web', source: i % 2 ? 'web' : 'worker' },
  level: 'info',
  line: `line ${i}`,
  fields: { n: i, odd: i % 3 ? 'text' : i, _own: true },
}))

test.each([
  { refused: 'enumerations', pattern: /ENUM\(/ },
  { refused: 'any column of labels or fields', pattern: /STRUCT\(/ },
])('sealed although $refused cannot be read', async ({ pattern }) => {
  const path = await tempFolder()
  Duck.prototype.run = function (this: Duck, sql: string) {
    // The level's own enumeration is in every statement that tries any.
    return pattern.test(sql) ? Promise.reject(new Error('refused')) : run.call(this, sql)
  }
  const store = await openEmbeddedStore({ path, minFreeBytes: 0 })
  await store.append({ records: RECORDS })
  await store.seal()
  expect(await store.status()).toMatchObject({ state: 'ok', parts: 1, segments: 0 })
  const found = []
  for await (const piece of store.scan({ direction: 'forward', where: [] })) found.push(...piece)
  const expected = RECORDS.map((record, i) => ({
    ...record,
    fields: { _own: true, n: i, odd: record.fields['odd'] },
    sequence: i + 1,
  }))
  expect(JSON.stringify(found)).toBe(JSON.stringify(expected))
  const text = { kind: 'text', pattern: 'text', literal: true, ignoreCase: false, invert: false } as const
  let matches = 0
  for await (const piece of store.scan({ direction: 'forward', where: [text] })) matches += piece.length
  expect(matches).toBe(RECORDS.filter(({ fields }) => fields['odd'] === 'text').length)
  await store.close()
})
