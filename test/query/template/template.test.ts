// Templates: files of cases say what each prints, why it fails for an entry, or why it is refused; nothing that a
// template asks for takes more than its share.
import * as fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileTemplate, templateLabels } from '#logctl/query/template/template.js'
import type { Timestamp } from '#logctl/record/time.js'

interface Case {
  readonly template: string
  readonly text?: string
  readonly fails?: string
  readonly refused?: string
}

const LABELS = new Map([
  ['a', '1'],
  ['b', '2'],
  ['word', 'hello'],
  ['list', '["p","q"]'],
  ['obj', '{"n":1.5,"s":"t","z":null}'],
])
const WORLD = {
  labels: { get: (name: string) => LABELS.get(name) ?? '', names: () => LABELS.keys() },
  entry: { line: 'the line', timestamp: '2025-01-11T09:30:00.120000000Z' as Timestamp },
  nowMs: () => 1_736_600_000_000,
}

function outcome(source: string): Omit<Case, 'template'> {
  const template = compileTemplate('line', source)
  if ('reason' in template) return { refused: template.reason }
  const made = template.run(WORLD)
  return typeof made === 'string' ? { text: made } : { fails: made.reason }
}

const CASES = new URL('../../cases/query/template/', import.meta.url)

describe.each(readdirSync(CASES))('%s', (file) => {
  const cases = JSON.parse(readFileSync(new URL(file, CASES), 'utf8')) as Case[]
  test.each(cases)('$template', ({ template, ...wanted }) => expect(outcome(template)).toEqual(wanted))
})

test.each([
  '{{repeat 1000000000 "x"}}',
  '{{range 1000000000}}{{end}}',
  '{{range 1000}}{{range 1000}}{{range 1000}}{{end}}{{end}}{{end}}',
  '{{range 1000}}{{repeat 100000 "x"}}{{end}}',
  '{{$x := "xx"}}{{range 100}}{{$x = print $x $x}}{{end}}',
  '{{define "t"}}{{template "t" .}}{{end}}{{template "t" .}}',
  '{{indent 1000000000 "a"}}',
  '{{alignRight 1000000000 "a"}}',
  '{{range 100}}{{printf "%1000000d" 1}}{{end}}',
  '{{replace "" (repeat 4000 "b") (repeat 4000 "a")}}',
  '{{regexReplaceAll "" (repeat 4000 "a") (repeat 4000 "b")}}',
])('%s stops at its limit', (template) => {
  expect(outcome(template).fails).toMatch(/exceeded (?:the limit of (?:output|steps)|maximum template depth)/)
})

test.each([
  '{{if .a}}'.repeat(1000),
  `{{${'('.repeat(1000)}.a${')'.repeat(1000)}}}`,
  '{{.a}}'.repeat(10_000),
])('a template of huge nesting or length is refused', (template) =>
  expect(outcome(template).refused).toMatch(/too deep|longer than/),
)

test('JSON that is too deep for the stack is nothing', () => {
  expect(outcome('{{fromJson (print (repeat 200000 "[") (repeat 200000 "]"))}}')).toEqual({
    text: '<no value>',
  })
})

test.each([
  ['{{.a}} {{$.b}}', ['a', 'b']],
  ['{{if .a}}{{range fromJson .b}}{{.c}}{{end}}{{end}}', ['a', 'b', 'c']],
  ['{{.}}', undefined],
  ['{{index $ "a"}}', undefined],
  ['{{define "t"}}{{.x}}{{end}}{{template "t" $}}', undefined],
  ['{{__line__}}', []],
])('%s reads the labels %j', (template, names) => expect(templateLabels(template)).toEqual(names))

const piece = fc.oneof(
  fc.constantFrom(
    '{{',
    '}}',
    '{{-',
    '-}}',
    '|',
    '(',
    ')',
    '.',
    '.a',
    '$x',
    ':=',
    '"',
    '`',
    "'",
    ',',
    ' ',
    'end',
  ),
  fc.constantFrom(
    'if',
    'else',
    'range',
    'with',
    'define',
    'template',
    'printf',
    'add',
    'trunc',
    'date',
    '"%5d"',
    '1',
    '-2.5',
  ),
  fc.string({ maxLength: 3 }),
)

test('any text is a template or is refused, and what runs ends', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      expect(Object.keys(outcome(pieces.join('')))).toHaveLength(1)
      expect(Object.keys(outcome(`{{${pieces.join(' ')}}}`))).toHaveLength(1)
    }),
    { numRuns: 500 },
  )
})
