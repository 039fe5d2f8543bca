// Compressed bodies: each encoding gives back what was compressed, or refuses, and never more than its limit.
import assert from 'node:assert/strict'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { compress } from 'snappyjs'
import { decompress } from '#logctl/decode/compression.js'
import { casesOf } from '../cases.mjs'

const LIMIT_BYTES = 64 * 1024
const plain = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.constantFrom('{"message":"a"}\n', 'x'.repeat(500), 'GET / 200 ', '\u0000'), { maxLength: 20 })
    .map((parts) => Buffer.from(parts.join(''))),
  fc.nat(200_000).map((size) => Buffer.alloc(size, 'a')),
)

/** What each good body was before. @type {Map<string, Buffer>} */
const known = new Map()

/** @param {string} name @param {(plain: Buffer) => Buffer} encode @param {{ words: readonly string[], cases?: readonly Buffer[] }} more @returns {import('../rounds.mjs').Target} */
function encoding(name, encode, { words, cases = [] }) {
  return {
    name,
    bodies(seed) {
      known.clear()
      const made = fc.sample(plain, { seed, numRuns: 200 }).map((bytes) => {
        const body = encode(bytes)
        known.set(`${name} ${body.toString('latin1')}`, bytes)
        return body
      })
      return [...cases, ...made]
    },
    words,
    refusals: ['BODY_INVALID', 'BODY_TOO_LARGE'],
    deadlineMs: 1000,
    async run(input) {
      const before = known.get(`${name} ${input.toString('latin1')}`)
      const tooLarge = before !== undefined && before.length > LIMIT_BYTES
      const got = await decompress(input, name, LIMIT_BYTES)
      assert.ok(got.length <= LIMIT_BYTES && !tooLarge, 'within the limit')
      if (before !== undefined) assert.ok(got.equals(before), 'what was compressed comes back')
    },
  }
}

/** A frame of raw blocks (RFC 8878 §3.1.1). @param {Buffer} bytes */
function rawZstd(bytes) {
  /** @type {Buffer[]} */
  const blocks = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50])]
  for (let at = 0; at === 0 || at < bytes.length; at += 100_000) {
    const part = bytes.subarray(at, at + 100_000)
    const header = Buffer.alloc(3)
    header.writeUIntLE((part.length << 3) | (at + 100_000 >= bytes.length ? 1 : 0), 0, 3)
    blocks.push(header, part)
  }
  return Buffer.concat(blocks)
}

/** @param {Buffer} bytes */
const snappyBlock = (bytes) => Buffer.from(compress(bytes))

export const encodings = [
  encoding('gzip', (bytes) => gzipSync(bytes), {
    words: ['\x1f\x8b\x08', '\x00\x00\xff\xff', '\x1f\x8b\x08\x1f'],
  }),
  encoding('deflate', (bytes) => (bytes.length % 2 === 0 ? deflateSync(bytes) : deflateRawSync(bytes)), {
    words: ['\x78\x9c', '\x00\x00\xff\xff'],
  }),
  encoding('snappy', snappyBlock, {
    words: [
      '\xff\x06\x00\x00sNaPpY',
      '\xfc\xff\xff\xff\xff',
      '\x00\x04\x00\x00',
      '\xfe\xff\xff',
      '\x01\x00',
      '\xff\xff\xff\xff\x0f',
      '\xf0\xff',
    ],
    cases: casesOf('fuzz', '.snappy'),
  }),
  encoding('zstd', rawZstd, {
    words: [
      '\x28\xb5\x2f\xfd',
      '\x50\x2a\x4d\x18\xff\xff\xff\x7f',
      '\x28\xb5\x2f\xfd\xff',
      '\x01\x00\x00',
      '\x03\x00\x10a',
    ],
    cases: casesOf('fuzz', '.zst'),
  }),
]
