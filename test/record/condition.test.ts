// Conditions: what a selector, a line filter and grep mean for one record, and the bytes they need.
import { label, line, text } from './conditions.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileConditions, needlesOf, selectable, tenantsAllow } from '#logctl/record/condition.js'
import type { LogRecord } from '#logctl/record/record.js'
import { recordToJson } from '#logctl/record/record.js'
import type { Condition } from '#logctl/record/scan-request.js'
import { timestampOfMs } from '#logctl/record/time.js'
import { fulfils } from '../laws/naive-conditions.js'
import { condition } from './arbitrary-condition.js'
import { record } from './arbitrary-record.js'

const REQUEST: LogRecord = {
  timestamp: timestampOfMs(0),
  tenant: 'shop',
  labels: { app: 'web', level: 'WARNING' },
  level: 'warn',
  line: 'GET /cart took 812ms',
  fields: { status: 500, cached: false, agent: 'Curl/8' },
}

const holds = (...where: Condition[]): boolean => compileConditions(where)(REQUEST)

describe('a label condition', () => {
  test.each([
    ['the label', label('app', '=', 'web'), true],
    ['another value', label('app', '=', 'we'), false],
    ['a missing label as the empty text', label('job', '=', ''), true],
    ['a missing label as unequal', label('job', '!=', 'x'), true],
    ['the whole value', label('app', '=~', 'w.'), false],
    ['a pattern', label('app', '=~', 'w.*'), true],
    ['each alternative whole', label('app', '=~', 'a|w'), false],
    ['not a pattern', label('app', '!~', 'api|w.b'), false],
    ['the record’s tenant', label('tenant', '=', 'shop'), true],
    ['the level as it was sent', label('level', '=~', 'WARN.*'), true],
    ['not the detected one in its place', label('level', '=', 'warn'), false],
    ['the detected level', label('detected_level', '=', 'warn'), true],
    ['nothing inherited', label('constructor', '=', ''), true],
  ])('sees %s', (_, condition, expected) => {
    expect(holds(condition)).toBe(expected)
  })

  test('sees the tenant and level that were sent before those the record is filed under', () => {
    expect(selectable({ ...REQUEST, labels: { tenant: 'sent' } }, 'tenant')).toBe('sent')
    expect(selectable({ ...REQUEST, labels: {} }, 'level')).toBe('warn')
  })
})

describe('a line condition', () => {
  test.each([
    [line('|=', 'cart'), true],
    [line('|=', 'Cart'), false],
    [line('|=', 'x', 'cart'), true],
    [line('|=', ''), true],
    [line('!=', 'x', 'cart'), false],
    [line('!=', 'x', 'y'), true],
    [line('!=', ''), false],
    [line('|~', '\\d+ms$'), true],
    [line('|~', '^\\d+ms$'), false],
    [line('!~', 'x', '[0-9]{3}'), false],
    [line('|=', 'Curl'), false],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected)
  })
})

describe('a text condition', () => {
  test.each([
    ['the line', text('cart'), true],
    ['a text field', text('^Curl/\\d$'), true],
    ['a number as text', text('^500$'), true],
    ['a boolean as text', text('false', { literal: true }), true],
    ['no label', text('^web$'), false],
    ['operators as text when literal', text('c.rt', { literal: true }), false],
    ['any case', text('CURL/8', { literal: true, ignoreCase: true }), true],
    ['any case of a pattern', text('^curl', { ignoreCase: true }), true],
    ['operators as text in any case', text('CURL.8', { literal: true, ignoreCase: true }), false],
    ['a record where nothing matches', text('zebra', { invert: true }), true],
    ['no record where a field matches', text('500', { invert: true }), false],
  ])('sees %s', (_, condition, expected) => {
    expect(holds(condition)).toBe(expected)
  })
})

test('all conditions must hold', () => {
  const level: Condition = { kind: 'level', anyOf: ['warn', 'error'] }
  expect(holds()).toBe(true)
  expect(holds(level, label('app', '=', 'web'))).toBe(true)
  expect(holds(level, label('app', '=', 'api'))).toBe(false)
  expect(holds({ kind: 'level', anyOf: [] })).toBe(false)
})

test('a bad pattern is refused before any record is judged', () => {
  expect(() => compileConditions([line('|~', 'a', '(')])).toThrow(/missing closing/)
})

test('a reader sees the tenants it may see, all when none are named', () => {
  expect([undefined, [], ['a'], ['a', 'shop']].map((tenants) => tenantsAllow(tenants, REQUEST))).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('records are judged as the definition says', () => {
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 2 }), record, (where, record) => {
      expect(compileConditions(where)(record)).toBe(fulfils(record, { where }))
    }),
    { numRuns: 1000 },
  )
})

describe('needles', () => {
  test('occur in the JSON of every record that fulfils the conditions', () => {
    let met = 0
    fc.assert(
      fc.property(
        fc.array(condition, { minLength: 1, maxLength: 2 }),
        fc.array(record, { minLength: 5, maxLength: 5 }),
        (where, records) => {
          const needles = needlesOf(where)
          for (const record of records.filter(compileConditions(where))) {
            if (needles.length > 0) met++
            for (const needle of needles) expect(recordToJson(record)).toContain(needle)
          }
        },
      ),
      { numRuns: 3000 },
    )
    expect(met).toBeGreaterThan(50)
  })

  test.each<[Condition, string[]]>([
    [label('app', '=', 'web'), ['"app":"web"']],
    [label('detected_level', '=', 'warn'), ['"level":"warn"']],
    [label('app', '=~', 'web-.*'), ['web-']],
    [label('app', '!=', 'web'), []],
    [label('app', '=', ''), []],
    [label('app', '=', 'a"b'), []],
    [line('|=', 'took 812ms'), ['took 812ms']],
    [line('|=', 'a', 'b'), []],
    [line('!=', 'a'), []],
    [line('|~', 'took \\d+ms'), ['took ']],
    [text('500', { literal: true }), ['500']],
    [text('500', { literal: true, ignoreCase: true }), []],
    [text('500', { invert: true }), []],
    [{ kind: 'level', anyOf: ['error'] }, ['"level":"error"']],
    [{ kind: 'level', anyOf: ['error', 'fatal'] }, []],
  ])('of %j are %j', (condition, needles) => {
    expect(needlesOf([condition])).toEqual(needles)
  })
})
