// The JSON door where a case file would be too large, and its laws: no line is lost or doubled, no bytes hurt it.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { decodeJsonEvents } from '#logctl/decode/formats/json-events.js'
import { contextOf, countOf, MIB } from '../given.js'

function decode(text: string | Buffer, given = {}) {
  return decodeJsonEvents(Buffer.from(text as string), contextOf(given))
}

describe('sizes', () => {
  it('keeps a line of 1 MiB whole and cuts one of 2 MiB', () => {
    const { records, repaired } = decode(
      `{"message":"${'a'.repeat(MIB)}"}\n{"message":"${'é'.repeat(MIB)}"}\n{"message":"after"}`,
    )
    expect(records.map(({ line }) => Buffer.byteLength(line))).toEqual([MIB, MIB, 5])
    expect(records.map(({ fields }) => fields['_truncated'])).toEqual([undefined, 2 * MIB, undefined])
    expect(repaired.line_cut).toBe(1)
  })

  it('cuts plain text and an own JSON text as well', () => {
    const long = 'x'.repeat(2 * MIB)
    expect(decode(long).records[0]).toMatchObject({ fields: { _truncated: 2 * MIB } })
    const own = `{"id":1,"pad":"${long}"}`
    const [record] = decode(own, { limits: { recordBytes: 8 * MIB } }).records
    expect(record?.line).toBe(own.slice(0, MIB))
    expect(record?.fields).toMatchObject({ id: 1, _truncated: own.length })
  })

  it('refuses a record that is too long for the store, and says so', () => {
    const { records, rejected } = decode(
      `{"message":"m","pad":"${'"'.replace('"', '\\n').repeat(3 * MIB)}"}\n{"message":"m"}`,
    )
    expect(records).toHaveLength(1)
    expect(rejected).toEqual({ too_large: 1 })
  })

  it('refuses an event of 10,000 fields alone', () => {
    const fields = Array.from({ length: 10_000 }, (_, i) => `"k${i}":${i}`).join(',')
    const { records, rejected } = decode(`{"message":"a"}\n{${fields}}\n{"message":"b"}`)
    expect(records.map(({ line }) => line)).toEqual(['a', 'b'])
    expect(rejected).toEqual({ too_many_fields: 1 })
  })

  it.each([
    ['objects', '{"a":', '}', 1],
    ['arrays', '[', ']', 0],
  ])('refuses what nests deep in %s without running out of stack', (_, open, close) => {
    for (const depth of [40, 10_000, 1_000_000]) {
      const deep = `{"message":"m","x":${open.repeat(depth)}1${close.repeat(depth)}}`
      const { records, rejected } = decode(`{"message":"a"}\n${deep}\n{"message":"b"}\n`)
      expect([records.length, rejected]).toEqual([2, { too_deep: 1 }])
      expect(decode(`[${deep},{"message":"b"}]`).rejected).toEqual({ too_deep: 1 })
    }
    expect(countOf(decode(`{"a":${'['.repeat(1_000_000)}`).rejected)).toBe(1)
  })

  it('reads a long name in front of many fields in linear time', () => {
    const inner = Array.from({ length: 900 }, (_, i) => `"k${i}":1`).join(',')
    const { records } = decode(`{"message":"m","${'n'.repeat(4 * MIB)}":{${inner}}}`)
    expect(Object.keys(records[0]?.fields ?? {})).toEqual(['n'.repeat(256)])
  })

  it('answers with the first ten refusals and counts the rest', () => {
    const { rejections, rejected } = decode(`{"message":"m"}\n${'{bad}\n'.repeat(25)}`)
    expect(rejections.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect(rejected).toEqual({ not_json: 25 })
  })

  it('takes 400 days in one request and refuses the 401st', () => {
    const lines = Array.from({ length: 402 }, (_, i) => `{"time":${i * 86_400},"message":"${i}"}`)
    const { records, rejected } = decode([...lines, '{"time":0,"message":"again"}'].join('\n'))
    expect([records.length, rejected]).toEqual([401, { too_many_days: 2 }])
  })
})

describe('labels', () => {
  it('gives the records of one stream the same frozen object', () => {
    const [first, second, other] = decode(
      '{"app":"a","msg":"1"}\n{"msg":"2","app":"a"}\n{"app":"b","msg":"3"}',
    ).records
    expect(first?.labels).toBe(second?.labels)
    expect(first?.labels).not.toBe(other?.labels)
    expect(Object.isFrozen(first?.labels)).toBe(true)
  })

  it('has no inherited names', () => {
    const [record] = decode('{"app":"a","msg":"1","x":1}').records
    expect(record?.labels['constructor']).toBeUndefined()
    expect(record?.fields['constructor']).toBeUndefined()
  })
})

const key = fc.oneof(
  fc.constantFrom(
    'message',
    'msg',
    'log',
    'time',
    'ts',
    'level',
    'severity',
    'tenant',
    'app',
    'a_b',
    '__proto__',
    'tags',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const event = fc.dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 })

describe('laws', () => {
  it('keeps or refuses every line exactly once', () => {
    const good = event.map((one) => JSON.stringify(one))
    const bad = fc.constantFrom('{"cut":', '{no}', '42', 'null', '[]', '{} x', '"text"')
    const blank = fc.constantFrom('', '\r')
    fc.assert(
      fc.property(good, fc.array(fc.oneof(good, good, bad, blank), { maxLength: 20 }), (first, lines) => {
        const { records, rejected } = decode([first, ...lines].join('\n'))
        const sent = 1 + lines.filter((line) => line.trim() !== '').length
        expect(records.length + countOf(rejected)).toBe(sent)
      }),
      { numRuns: 200 },
    )
  })

  it('reads an array as it reads the lines', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 10 }),
        fc.constantFrom('', ' ', '\n  '),
        (events, space) => {
          const texts = events.map((one) => JSON.stringify(one))
          const asLines = decode(texts.join('\n'))
          expect(decode(`[${texts.map((text) => space + text).join(`${space},`)}]`)).toEqual(asLines)
          expect(decode(texts.join(''))).toEqual({ ...asLines, rejections: expect.anything() })
        },
      ),
      { numRuns: 300 },
    )
  })

  it('loses only the last event of a body that is cut off', () => {
    const lines = [1, 2, 3].map(
      (n) => `{"message":"n${n}","time":"2025-01-11T00:00:00Z","x":{"y":[${n},"é"]}}`,
    )
    for (const body of [Buffer.from(lines.join('\n')), Buffer.from(`[${lines.join(',')}]`)]) {
      for (let size = 2; size < body.length; size++) {
        const { records, rejected } = decodeJsonEvents(body.subarray(0, size), contextOf())
        const whole = lines.filter((_, n) => size >= body.indexOf(`n${n + 1}`) + lines[0]!.length - 12).length
        expect(Math.abs(records.length - whole)).toBeLessThanOrEqual(1)
        expect(records.map(({ line }) => line)).toEqual(['n1', 'n2', 'n3'].slice(0, records.length))
        expect(countOf(rejected)).toBeLessThanOrEqual(1)
      }
    }
  })

  it('throws nothing but its own errors, whatever the bytes', () => {
    const seed = Buffer.from(
      '[{"@timestamp":"2025-01-11T09:30:00Z","message":"a\\u0000","n":[1,{"x":12345678901234567890}]},\n"t",{"level":30}]',
    )
    const edit = fc.tuple(
      fc.nat(seed.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(10, 34, 91, 92, 93, 123, 125)),
    )
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), fc.nat(seed.length), (edits, size) => {
        const body = Buffer.from(seed)
        for (const [at, byte] of edits) body[at] = byte
        neverHurts(() => decodeJsonEvents(body.subarray(0, size), contextOf()))
      }),
      { numRuns: 1000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        neverHurts(() => decodeJsonEvents(Buffer.from(bytes), contextOf())),
      ),
      { numRuns: 1000 },
    )
  })
})

function neverHurts(run: () => unknown): void {
  try {
    run()
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(LogctlError)
  }
}
