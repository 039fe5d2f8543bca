// What is said of lines agrees with the parser of LogQL.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Entry } from '#logctl/query/entry.js'
import { jsonWalk } from '#logctl/query/lines/json-walk.js'
import { jsonLine } from '#logctl/record/json-line.js'
import type { Timestamp } from '#logctl/record/time.js'

function isRead(line: string): boolean {
  const base = { timestamp: '2025-01-11T09:00:00.000000000Z' as Timestamp, sequence: 1, tenant: 'none' }
  return (
    jsonWalk(undefined, true).run(new Entry({ ...base, labels: {}, level: 'info', line, fields: {} })) ===
    undefined
  )
}

test.each([
  ['', 'none'],
  ['GET /', 'none'],
  ['[{"a":1}]', 'none'],
  ['{"a":1}', 'object'],
  [' \t\n{"a":{"b":[1,{}]}} ', 'object'],
  ['{"a":1} and more', 'unsure'],
  ['{"a":', 'unsure'],
  ['{"\\ud800":1}', 'unsure'],
  [`${'{"a":'.repeat(101)}1${'}'.repeat(101)}`, 'unsure'],
])('%s: %s', (line, verdict) => {
  expect(jsonLine(line)).toBe(verdict)
})

test('an object is read, and what is none is an error', () => {
  const line = fc.oneof(
    fc.json(),
    fc.object({ maxDepth: 3 }).map((object) => JSON.stringify(object)),
    fc.stringMatching(/^ ?\{("[ab]":("x"|1|null|\[\]|\{\}),?){0,3}\}?$/),
    fc.string(),
  )
  fc.assert(
    fc.property(line, (line) => {
      const said = jsonLine(line)
      if (said !== 'unsure') expect({ line, read: isRead(line) }).toEqual({ line, read: said === 'object' })
    }),
    { numRuns: 500 },
  )
})
