// Loki's push: what a case file cannot hold (compression, hostile lengths), the law of entries, and fuzz.
import * as fc from 'fast-check'
import { gzipSync } from 'node:zlib'
import { compress } from 'snappyjs'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { decodeLokiPush } from '#logctl/decode/formats/index.js'
import { pushMessage } from '#logctl/decode/formats/loki-push.js'
import { contextOf, countOf, MIB } from '../given.js'

const CASES = join(import.meta.dirname, '../../cases/decode')
const PROTOBUF = 'application/x-protobuf'
const protobuf = readFileSync(join(CASES, 'loki-protobuf/push.in'))
const json = readFileSync(join(CASES, 'loki-json/push.in'))

describe('pushMessage', () => {
  it.each([
    ['snappy alone', compress(protobuf), PROTOBUF, undefined],
    ['snappy said twice', compress(protobuf), PROTOBUF, 'snappy'],
    ['gzip around snappy', gzipSync(compress(protobuf)), PROTOBUF, 'gzip'],
    ['no content type', compress(protobuf), undefined, undefined],
    ['gzip around JSON', gzipSync(json), 'application/json; charset=utf-8', 'gzip'],
    ['plain JSON', json, 'application/json', undefined],
  ])('%s', async (_, body, contentType, encoding) => {
    const message = await pushMessage(body, contentType, encoding, MIB)
    expect(
      decodeLokiPush(message, contentType, contextOf())
        .records.map(({ line }) => line)
        .slice(0, 2),
    ).toEqual(['one', 'two'])
  })

  it('refuses protobuf that is not snappy', async () => {
    await expect(pushMessage(protobuf, PROTOBUF, undefined, MIB)).rejects.toMatchObject({
      code: 'BODY_INVALID',
    })
  })
})

describe('malformed pushes are refused whole', () => {
  it.each([
    ['not JSON', 'application/json', '{"streams":['],
    ['an array', 'application/json', '[]'],
    ['streams no array', 'application/json', '{"streams":{}}'],
    ['too deep', 'application/json', `{"streams":${'['.repeat(1_000_000)}`],
    ['a length beyond the body', PROTOBUF, Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ['a tag without end', PROTOBUF, Buffer.alloc(20, 0xff)],
    ['an inner length beyond its message', PROTOBUF, Buffer.from([0x0a, 0x03, 0x12, 0x0a, 0x00])],
    ['groups without end', PROTOBUF, Buffer.alloc(100_000, 0x0b)],
  ])('%s', (_, contentType, body) => {
    expect(() => decodeLokiPush(Buffer.from(body as Buffer), contentType, contextOf())).toThrow(
      expect.objectContaining({ code: 'BODY_INVALID' }),
    )
  })
})

it('refuses only the protobuf message when it is cut off anywhere', () => {
  for (let size = 1; size < protobuf.length; size++) {
    try {
      const { records } = decodeLokiPush(protobuf.subarray(0, size), PROTOBUF, contextOf())
      expect(records.length).toBeLessThan(5)
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'BODY_INVALID' })
    }
  }
})

it('keeps or refuses every entry exactly once', () => {
  const entry = fc.oneof(
    fc.tuple(fc.bigInt(0n, 2n ** 63n).map(String), fc.string({ unit: 'binary' })),
    fc.tuple(fc.string(), fc.string(), fc.dictionary(fc.string(), fc.string())),
    fc.jsonValue({ maxDepth: 2 }).filter((value) => value !== null),
  )
  const stream = fc.record({
    stream: fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 5 }),
    values: fc.array(entry, { maxLength: 5 }),
  })
  fc.assert(
    fc.property(fc.array(stream, { maxLength: 4 }), (streams) => {
      const decoded = decodeLokiPush(
        Buffer.from(JSON.stringify({ streams })),
        'application/json',
        contextOf(),
      )
      const sent = streams.reduce((sum, { values }) => sum + values.length, 0)
      expect([decoded.streams, decoded.entries]).toEqual([streams.length, sent])
      expect(decoded.records.length + countOf(decoded.rejected)).toBe(sent)
    }),
    { numRuns: 200 },
  )
})

describe.each(['loki-json', 'loki-protobuf'])('%s with bytes changed', (format) => {
  it('throws nothing but its own errors', () => {
    const folder = join(CASES, format)
    const bodies = readdirSync(folder)
      .filter((file) => file.endsWith('.in'))
      .map((file) => readFileSync(join(folder, file)))
      .filter((body) => body.length > 0)
    const edit = fc.tuple(fc.nat(), fc.nat(255))
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        fc.nat(),
        (sent, edits, cut) => {
          const body = Buffer.from(sent)
          for (const [at, byte] of edits) body[at % body.length] = byte
          try {
            decodeLokiPush(
              cut % 3 === 0 ? body.subarray(0, cut % body.length) : body,
              format === 'loki-json' ? 'application/json' : PROTOBUF,
              contextOf(),
            )
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(LogctlError)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})
