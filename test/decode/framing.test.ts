// Lines and JSON pieces: every byte that is not space belongs to exactly one of them.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forEachLine, jsonPieces, nestsDeeper } from '#logctl/decode/framing.js'

function lines(text: string): [line: number, text: string][] {
  const bytes = Buffer.from(text)
  const found: [number, string][] = []
  forEachLine(bytes, 0, (from, to, line) => void found.push([line, bytes.toString('utf8', from, to)]))
  return found
}

function pieces(text: string): string[] {
  const bytes = Buffer.from(text)
  return [...jsonPieces(bytes, 0, bytes.length)].map(
    ({ kind, state, depth, start, end }) =>
      `${kind} ${state} ${depth}: ${bytes.toString('utf8', start, end)}`,
  )
}

describe('forEachLine', () => {
  it.each<[string, [number, string][]]>([
    ['', []],
    ['\n\r\n\n', []],
    [
      'a\nb\r\n\nc',
      [
        [1, 'a'],
        [2, 'b'],
        [4, 'c'],
      ],
    ],
    ['a\r', [[1, 'a\r']]],
    ['a\rb\n', [[1, 'a\rb']]],
  ])('%j', (text, expected) => expect(lines(text)).toEqual(expected))

  it('stops where it is told to', () => {
    const seen: number[] = []
    forEachLine(Buffer.from('a\nb\nc'), 0, (_from, _to, line) => {
      seen.push(line)
      return line < 2
    })
    expect(seen).toEqual([1, 2])
  })
})

describe('jsonPieces', () => {
  it.each<[string, string[]]>([
    ['', []],
    [' [ ] ', []],
    ['[{"a":1},{"b":[2]}]', ['object whole 1: {"a":1}', 'object whole 2: {"b":[2]}']],
    ['{"a":"}\\"{"}{}', ['object whole 1: {"a":"}\\"{"}', 'object whole 1: {}']],
    [
      '["x","\\"]",1,null]',
      ['string whole 0: "x"', 'string whole 0: "\\"]"', 'other whole 0: 1', 'other whole 0: null'],
    ],
    ['[[1],[2,[3]]]', ['array whole 1: [1]', 'array whole 2: [2,[3]]']],
    ['[{"a":1}][{"a":2}]', ['object whole 1: {"a":1}', 'object whole 1: {"a":2}']],
    ['[{"a":1},{"b', ['object whole 1: {"a":1}', 'object cut 0: {"b']],
    ['[{"a":1},{"b":1', ['object whole 1: {"a":1}', 'object cut 1: {"b":1']],
    ['["cut', ['string cut 0: "cut']],
    ['[{"a":"\n"b":1},\n {"c":1}]', ['object broken 0: {"a":"', 'object whole 1: {"c":1}']],
    ['{"a":"\\"\n{}', ['object broken 0: {"a":"\\"', 'object whole 1: {}']],
    ['] }', ['other whole 0: ] }']],
  ])('%j', (text, expected) => expect(pieces(text)).toEqual(expected))

  it('gives whatever text in order, each byte once', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]{}",:\\ \n1a') }), (text) => {
        const bytes = Buffer.from(text)
        let last = 0
        for (const { start, end } of jsonPieces(bytes, 0, bytes.length)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          last = end
        }
        expect(last).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 3000 },
    )
  })
})

function deeper(text: string, limit: number): boolean {
  return nestsDeeper(Buffer.from(text), 0, text.length, limit)
}

it('nestsDeeper counts brackets outside of strings', () => {
  expect(deeper('{"a":[1]}', 2)).toBe(false)
  expect(deeper('{"a":[1]}', 1)).toBe(true)
  expect(deeper('{"[[[[":"{{{{\\"[["}', 1)).toBe(false)
  expect(deeper('[][][]', 1)).toBe(false)
})
