// Label sets as text: what is printed is read again, and what is no label set is refused.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelText, parseLabelText } from '#logctl/decode/label-text.js'

describe('parseLabelText', () => {
  it.each<[string, Record<string, string> | undefined]>([
    ['{}', {}],
    [' { } ', {}],
    ['{a="b"}', { a: 'b' }],
    ['{a="b",}', { a: 'b' }],
    ['{ a = "b" , c=`d\\n"`}', { a: 'b', c: 'd\\n"' }],
    ['{a="1",a="2"}', { a: '1' }],
    ['{a="\\"\\\\\\n\\t\\u00e9\\U0001F600\\x41\\101"}', { a: '"\\\n\té😀AA' }],
    ['{a="é\\xc3\\xa9"}', { a: 'éé' }],
    ['', undefined],
    ['{', undefined],
    ['{a}', undefined],
    ['{a="b"', undefined],
    ['{a="b" c="d"}', undefined],
    ['{a="b"}}', undefined],
    ["{a='b'}", undefined],
    ['{,a="b"}', undefined],
    ['{a="\\U00110000"}', undefined],
    ['{a="\n"}', undefined],
    [`{a="${'x'.repeat(2_000_000)}"}`, undefined],
  ])('%.60s', (text, expected) => {
    const labels = parseLabelText(text)
    expect(labels === undefined ? undefined : { ...labels }).toEqual(expected)
  })

  it('reads what labelText prints', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,9}$/)
    const value = fc.string({ unit: 'grapheme' })
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 5 }), (labels) => {
        expect({ ...parseLabelText(labelText(labels)) }).toEqual({ ...labels })
      }),
    )
  })

  it('ends in good time on long texts that are no labels', () => {
    for (const text of [
      `{${'a="'.repeat(200_000)}`,
      `{${' '.repeat(500_000)}`,
      `{a="${'\\'.repeat(500_001)}`,
      `{${'a'.repeat(900_000)}`,
    ])
      expect(parseLabelText(text)).toBeUndefined()
  })
})

it('labelText sorts and quotes', () => {
  expect(labelText({ b: 'x"y', a: '1' })).toBe('{a="1", b="x\\"y"}')
})
