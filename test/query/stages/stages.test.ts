// Every stage over lines of all kinds: files of cases say which labels and line come out; laws hold for any line.
import * as fc from 'fast-check'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseLog } from '#logctl/query/parse.js'
import { compileStages } from '#logctl/query/stages/index.js'
import { anEntry } from './an-entry.js'

interface Case {
  readonly query: string
  readonly line: string
  readonly labels?: Readonly<Record<string, string>>
  readonly fields?: Readonly<Record<string, string>>
  /** Without a line it stays as it was. */
  readonly expect: 'dropped' | { readonly labels: Readonly<Record<string, string>>; readonly line?: string }
}

const CASES = new URL('../../cases/query/stages/', import.meta.url)

describe.each(readdirSync(CASES))('%s', (file) => {
  const cases = JSON.parse(readFileSync(new URL(file, CASES), 'utf8')) as Case[]
  test.each(cases)('$query over $line', ({ query, line, labels = {}, fields = {}, expect: wanted }) => {
    const entry = anEntry({ line, labels, fields })
    const kept = compileStages(parseLog(`{x="y"} ${query}`).stages)(entry)
    const { detected_level: _level, ...found } = entry.labels()
    expect(kept ? { labels: found, line: entry.line } : 'dropped').toEqual(
      wanted === 'dropped' ? wanted : { line, ...wanted },
    )
  })
})

const STAGES = [
  '| json',
  '| json a="b.c[0]", d="[\\"e\\"]"',
  '| logfmt',
  '| logfmt --strict --keep-empty',
  '| logfmt a, b="c"',
  '| pattern "<a> <b>=<c>"',
  '| regexp "(?P<a>[a-z]+).(?P<b>.*)"',
  '| unpack',
  '| decolorize',
  '| json | a > 1 or b > 1s or c > 1KB',
  '|= ip("10.0.0.0/8")',
  '|> "<_> a<_>"',
  '| line_format "{{.a}}{{__line__ | trunc 3}}{{fromJson __line__}}"',
  '| logfmt | label_format x=a, y="{{.b}}"',
  '| logfmt | keep a, b="c"',
]
const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.json({ maxDepth: 3 }),
  fc
    .tuple(fc.json({ maxDepth: 2 }), fc.nat(60))
    .map(([text, cut]) => text.slice(0, Math.max(0, text.length - cut))),
  fc.string({
    unit: fc.constantFrom(...'ab={}[]:,"\\ u0d8\u001b[m1.', '\ufffd', '10.0.0.1', '::', 'a='),
    maxLength: 40,
  }),
)

test.each(STAGES)('%s takes any line', (stages) => {
  const run = compileStages(parseLog(`{x="y"} ${stages}`).stages)
  fc.assert(
    fc.property(line, (text) => {
      const entry = anEntry({ line: text })
      expect(typeof run(entry)).toBe('boolean')
      expect(typeof entry.line).toBe('string')
      for (const value of Object.values(entry.labels())) expect(value).not.toBe('')
    }),
    { numRuns: 60 },
  )
})

const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/).filter((text) => text !== '__proto__')
const value = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => !text.includes('\ufffd'))
const pairs = fc.dictionary(name, value, { maxKeys: 8 })

test('json gives back what an object holds, numbers as they were written', () => {
  const run = compileStages(parseLog('{x="y"} | json').stages)
  const written = fc.constantFrom('1.50', '-0', '1e9', '12345678901234567890', '0.10')
  fc.assert(
    fc.property(pairs, name, written, (object, key, number) => {
      const rest = Object.entries(object).filter(([known]) => known !== key)
      const members = rest.map(([known, text]) => `${JSON.stringify(known)}:${JSON.stringify(text)}`)
      const entry = anEntry({ line: `{${[...members, `"${key}" : ${number}`].join(' , ')}}` })
      expect(run(entry)).toBe(true)
      for (const [known, text] of [...rest, [key, number] as const]) expect(entry.get(known)).toBe(text)
    }),
  )
})

test('logfmt gives back what pairs hold', () => {
  const run = compileStages(parseLog('{x="y"} | logfmt').stages)
  fc.assert(
    fc.property(pairs, (object) => {
      const entry = anEntry({
        line: Object.entries(object)
          .map(
            ([key, text]) =>
              `${key}=${/^[^\s"=\\]+$/.test(text) && text > ' ' ? text : JSON.stringify(text)}`,
          )
          .join(' '),
      })
      expect(run(entry)).toBe(true)
      for (const [key, text] of Object.entries(object)) expect(entry.get(key)).toBe(text)
    }),
  )
})

test('needed labels are the same as where all are extracted', () => {
  const lines = fc.oneof(
    fc.json({ maxDepth: 2, key: fc.constantFrom('a', 'b', 'c', 'app') } as fc.JsonSharedConstraints),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'app'), fc.constantFrom('1', '"x y"', 'z')).map((object) =>
      Object.entries(object)
        .map(([key, text]) => `${key}=${text}`)
        .join(' '),
    ),
  )
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'app', 'app_extracted', 'a_b', 'd', 'none'))
  const stages = fc.constantFrom(
    '| json',
    '| logfmt',
    '| json | logfmt',
    '| logfmt | b = "1"',
    '| json | label_format d="{{.a}}{{.c}}"',
    '| logfmt | label_format d=b | line_format "{{.c}}" | pattern "<a>y"',
    '| json a="b", b="a"',
    '| regexp "(?P<a>.)(?P<app>.)"',
  )
  fc.assert(
    fc.property(lines, names, stages, (text, needed, query) => {
      const { stages } = parseLog(`{x="y"} ${query}`)
      const all = anEntry({ line: text, labels: { app: 'shop' } })
      const some = anEntry({ line: text, labels: { app: 'shop' } })
      expect(compileStages(stages, { needed: new Set(needed) })(some)).toBe(compileStages(stages)(all))
      for (const label of needed) expect(some.get(label)).toBe(all.get(label))
    }),
    { numRuns: 300 },
  )
})

test('labels that nobody needs are not extracted, and the reading stops behind the last that is', () => {
  const { stages } = parseLog('{x="y"} | json')
  const entry = anEntry({ line: '{"a":1,"b":2,"c":3 broken' })
  expect(compileStages(stages, { needed: new Set(['b']) })(entry)).toBe(true)
  expect(entry.labels('parsed')).toEqual({ b: '2' })
  const judged = anEntry({ line: '{"a":1,"b":2,"c":3 broken' })
  compileStages(stages, { needed: new Set(['b', '__error__']) })(judged)
  expect(judged.get('__error__')).toBe('JSONParserErr')
})

test('of two parsers that find the same name the first counts', () => {
  const entry = anEntry({ line: 'a=1 {"a":2}' })
  compileStages(parseLog('{x="y"} | logfmt | regexp "(?P<a>.)"').stages)(entry)
  expect(entry.get('a')).toBe('1')
})

test('an object that is nested deeper than any log is refused, not followed', () => {
  const entry = anEntry({ line: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}` })
  compileStages(parseLog('{x="y"} | json').stages)(entry)
  expect(entry.get('__error_details__')).toBe('objects are nested too deep')
})

test.each(STAGES)('%s takes time that grows with the line', (stages) => {
  const run = compileStages(parseLog(`{x="y"} ${stages}`).stages)
  for (const piece of ['a" ', 'a="\\', '{"a":', '\u009b]', ':', 'a=1 ', '[', '"', '\\'])
    expect(typeof run(anEntry({ line: `${piece.repeat(60_000)}z` }))).toBe('boolean')
})
