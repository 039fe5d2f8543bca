// Nothing is found or missed because a line is stored as its shape: hot, sealed and merged, searches agree.
import { expect, test } from 'vitest'
import { compileConditions } from '#logctl/record/condition.js'
import type { Condition } from '#logctl/record/scan-request.js'
import { openEmbeddedReader, openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { SHAPED, TEXT, decode, scan } from '../store/embedded/shaped-lines.js'
import { tempFolder } from '../temp-folder.js'
import { collect } from './reading.js'

const NEEDLES = [
  '200', '"status":200', 'status', 'acme', '09:30', '2025-01-11T09', '/a b', 'café', '☕', 'null', '0.045', 'true',
  '-05:00', '123', '1736586000', '"ok":true,"no"', ' : ', 'x', '', '[1,2]', 'absent',
] // prettier-ignore

const APPENDS = [
  { how: 'records', batch: (...lines: string[]) => ({ records: decode(...lines) }) },
  { how: 'scanned bytes', batch: scan },
]

test.each(APPENDS)('$how, sealed and merged: searches find what they found while hot', async ({ batch }) => {
  const path = await tempFolder()
  const store = await openEmbeddedStore({ path, minFreeBytes: 0 })
  await store.append(batch(...SHAPED, ...TEXT))
  const hot = await collect(store)
  expect(new Set(hot.map(({ line }) => line))).toEqual(new Set([...SHAPED, ...TEXT]))
  const beside = await openEmbeddedReader(path)
  expect(await collect(beside)).toEqual(hot)
  for (const where of NEEDLES.flatMap(conditionsFor)) {
    const expected = hot.filter(compileConditions(where))
    expect({ where, found: await collect(store, { where }) }).toEqual({ where, found: expected })
    expect({ where, found: await collect(beside, { where }) }).toEqual({ where, found: expected })
  }
  await beside.close()
  for (let i = 0; i < 4; i++) {
    await store.seal()
    const sealed = await collect(store)
    expect(JSON.stringify(sealed.slice(0, hot.length))).toBe(JSON.stringify(hot))
    for (const where of NEEDLES.flatMap(conditionsFor)) {
      const expected = sealed.filter(compileConditions(where)).length
      expect({ where, found: (await collect(store, { where })).length }).toEqual({
        where,
        found: expected,
      })
    }
    // Small parts of later records, until there are enough to merge.
    await store.append(batch(`{"time":"2025-01-11T23:00:0${i}Z","method":"PUT","later":${i}}`))
  }
  await store.close()
})

function conditionsFor(text: string): Condition[][] {
  const search = { kind: 'text', pattern: text, literal: true, ignoreCase: false, invert: false } as const
  return [
    [{ kind: 'line', op: '|=', values: [text] }],
    [{ kind: 'line', op: '!=', values: [text] }],
    [{ kind: 'line', op: '|~', values: [text.replaceAll(/[[\]]/g, '.')] }],
    [search],
    [{ ...search, ignoreCase: true }],
    [{ ...search, invert: true }],
  ]
}
