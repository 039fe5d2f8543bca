// A record as a line for people.
import { expect, test } from 'vitest'
import type { LogRecord } from '#logctl/record/record.js'
import { plain, type Paint } from '#logctl/format/paint.js'
import { recordText } from '#logctl/format/record-text.js'

const RECORD = {
  timestamp: '2025-01-11T09:30:00.123000000Z',
  tenant: 'acme',
  labels: { service_name: 'unknown_service', source: 'web' },
  level: 'error',
  line: 'it broke',
  fields: {},
} as unknown as LogRecord

const shown = (change: object, options = { paint: plain, terminal: false }): string =>
  recordText({ ...RECORD, ...change }, options)

test('time, level, tenant, source, message', () => {
  expect(shown({})).toBe('2025-01-11 09:30:00.123Z  error  acme  web  it broke')
})

test.each([
  ['000000000', '000'],
  ['120000000', '120'],
  ['123456000', '123456'],
  ['123456789', '123456789'],
  ['000000001', '000000001'],
  ['000001000', '000001'],
])('a second and %s nanoseconds is shown as .%s', (digits, fraction) => {
  expect(shown({ timestamp: `2025-01-11T09:30:00.${digits}Z` })).toContain(` 09:30:00.${fraction}Z  `)
})

test('levels take the same room, and none is a dash', () => {
  expect(shown({ level: 'warn' })).toContain('Z  warn   acme')
  expect(shown({ level: 'unknown' })).toContain('Z  -      acme')
})

test('without a source the service speaks, and without that nobody', () => {
  expect(shown({ labels: { service_name: 'api' } })).toContain('  acme  api  it')
  expect(shown({ labels: { service_name: 'unknown_service' } })).toContain('  acme  -  it')
})

test('fields follow, in quotes where they need them', () => {
  expect(shown({ fields: { status: 500, path: '/a b', ok: false, empty: '', q: 'a="b"' } })).toBe(
    '2025-01-11 09:30:00.123Z  error  acme  web  it broke  status=500 path="/a b" ok=false empty="" q="a=\\"b\\""',
  )
})

test('further lines are indented, fields below them', () => {
  expect(shown({ line: 'it broke\n  at a\r\n  at b\n', fields: { id: 7 } })).toBe(
    ['2025-01-11 09:30:00.123Z  error  acme  web  it broke', '      at a', '      at b', '    id=7'].join(
      '\n',
    ),
  )
})

test('an event that is its own JSON text does not say its fields twice', () => {
  const line = '{"status":500,"user":{"id":7}}'
  expect(shown({ line, fields: { status: 500, user_id: 7, trace: 'x' } })).toMatch(/"id":7}}  trace=x$/)
  expect(shown({ line: '{broken', fields: { status: 500 } })).toMatch(/\{broken {2}status=500$/)
})

test('a terminal is not driven by what is logged; a pipe gets it as it is', () => {
  const change = { line: '\u001b[2Jgone\rover', fields: { '\u0007': '\u001bc' }, tenant: 'a\u001b' }
  expect(shown(change)).toContain('\u001b[2Jgone\rover')
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  expect(shown(change, { paint: plain, terminal: true })).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
})

const tagged: Paint = (style, text) => `<${style}>${text}</>`

test('the level has its colour', () => {
  expect(shown({}, { paint: tagged, terminal: true })).toContain('<red>error</>')
  expect(shown({ level: 'info' }, { paint: tagged, terminal: true })).toContain('<green>info </>')
})
