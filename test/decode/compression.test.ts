// Request bodies in every encoding: whole, cut off, damaged, and bombs, which must stop at the limit.
import * as fc from 'fast-check'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { compress } from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { decompress } from '#logctl/decode/compression.js'
import { unzstd } from '#logctl/decode/zstd.js'
import { MIB } from './given.js'

const TEXT = Buffer.from(
  Array.from(
    { length: 120 },
    (_, i) => `{"n":${(i * 7919) % 1000},"message":"line ${(i * 31) % 97} of the day"}
`,
  ).join(''),
)

/** A zstd frame (RFC 8878) of raw blocks: header without content size, window 1 MiB. */
function zstdRaw(data: Buffer): Buffer {
  const blocks: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50])]
  for (let at = 0; at < data.length || at === 0; at += 100_000) {
    const part = data.subarray(at, at + 100_000)
    blocks.push(blockHeader(part.length, 0, at + 100_000 >= data.length), part)
  }
  return Buffer.concat(blocks)
}

/** Run-length blocks: 128 KiB out of four bytes each. */
function zstdBomb(blocks: number): Buffer {
  const run = Buffer.concat([blockHeader(131_072, 1, false), Buffer.from('a')])
  const last = Buffer.concat([blockHeader(1, 1, true), Buffer.from('a')])
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50]),
    ...Array.from({ length: blocks }, () => run),
    last,
  ])
}

function blockHeader(size: number, type: number, isLast: boolean): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((size << 3) | (type << 1) | (isLast ? 1 : 0), 0, 3)
  return header
}

/** What `zstd -19` makes of TEXT: Huffman-coded literals, sequences, a checksum. */
const ZSTD_REAL = Buffer.from(
  [
    'KLUv/QRo7Q0A5qVPGqApywEdkddTqvbbgWqERMokU0oSWNx7t1oBVwBDAEIA4/IcaVJTJcQgflNeailltsZ/06cz5L',
    '01IglXrBY10y61mBSyRZ3JLl/mw7ovQ6SxVgAaHBYgCDAkFFBgGJDAEIYEBQMHDgeHBAIICwsJCA4B4uCgcGAQHbu2',
    'jMzq8Riil9SQK1ydkZRNWKPp5bQ5w8o/r1SO1Wcec3elTqSCWC3RPCtNhb5QhKJERb3jHplHSvgNR8EWTfnlCUSn6y',
    '1n3oSmNv8SQuZQsXaIK4uJEpoy5yQttSzFGeFpNPtUZRikt+5SjfKuenzz7Yy4F9XpRS1/0ZEmIpbghMRTJ9ywRloi',
    'xW8MbxrpzLeXfpKalhc12hcWS42kqWvtKmXuonvIxF9qxIoomVGNMsFupiKmgx1i/NMi1VQyfezs6jJ5gO+oEVCIvv',
    '8dsJ0DESQEnxAEBn6qCXopvNVkMxrmxjkznDFSqwcaV8GZuqaQY15H1mbKnDPDGTpZgF1IWIrOWnKCjPMaFpYTZ9wY',
    'T2BYjEGMr+iuuTMdFrwVG3bMmeOIMTMdKVCxUxTm5niCI4KZca5MRwzJUispkROQqlw3aCM=',
  ].join(''),
  'base64',
)

function chunk(type: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4)
  header.writeUIntLE(body.length, 1, 3)
  header[0] = type
  return Buffer.concat([header, body])
}

function snappyFrames(data: Buffer): Buffer {
  const compressed = compress(data)
  const checksum = Buffer.alloc(4)
  return Buffer.concat([
    chunk(0xff, Buffer.from('sNaPpY')),
    chunk(0x00, Buffer.concat([checksum, compressed])),
    chunk(0xfe, Buffer.alloc(10)),
    chunk(0x01, Buffer.concat([checksum, data])),
  ])
}

const WHOLE: [name: string, encoding: string, body: Buffer][] = [
  ['gzip', 'gzip', gzipSync(TEXT)],
  ['gzip under its old name and in capitals', ' X-GZIP ', gzipSync(TEXT)],
  ['deflate in zlib form', 'deflate', deflateSync(TEXT)],
  ['deflate bare', 'deflate', deflateRawSync(TEXT)],
  ['zstd', 'zstd', ZSTD_REAL],
  ['zstd with raw blocks', 'zstd', zstdRaw(TEXT)],
  ['snappy', 'snappy', compress(TEXT)],
]

describe('whole bodies', () => {
  it.each(WHOLE)('%s', async (_, encoding, body) => {
    expect((await decompress(body, encoding, MIB)).equals(TEXT)).toBe(true)
  })

  it.each(['identity', '', undefined])('%s gives the body itself', async (encoding) => {
    expect(await decompress(TEXT, encoding, MIB)).toBe(TEXT)
  })

  it.each(['gzip', 'deflate', 'zstd', 'snappy'])('an empty body is empty in %s too', async (encoding) => {
    expect(await decompress(Buffer.alloc(0), encoding, MIB)).toHaveLength(0)
  })

  it('reads several members, frames and chunks', async () => {
    const twice = Buffer.concat([TEXT, TEXT])
    expect(await decompress(Buffer.concat([gzipSync(TEXT), gzipSync(TEXT)]), 'gzip', MIB)).toEqual(twice)
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 1, 2])
    expect(await decompress(Buffer.concat([ZSTD_REAL, skippable, zstdRaw(TEXT)]), 'zstd', MIB)).toEqual(twice)
    expect(await decompress(snappyFrames(TEXT), 'snappy', MIB)).toEqual(twice)
  })
})

describe('bodies that are cut off', () => {
  it.each([
    ...WHOLE.filter(([name]) => name !== 'deflate bare'),
    ['snappy frames', 'snappy', snappyFrames(TEXT)] as const,
  ])('%s', async (_, encoding, body) => {
    const sizes = [1, 2, 5, 9, Math.floor(body.length / 2), body.length - 1]
    for (const size of sizes)
      await expect(decompress(body.subarray(0, size), encoding, MIB)).rejects.toMatchObject({
        code: 'BODY_INVALID',
        message: expect.stringMatching(/gzip|deflate|zstd|snappy/),
      })
  })
})

describe('bombs', () => {
  const zeros = Buffer.alloc(64 * MIB)
  it.each([
    ['gzip', gzipSync(zeros)],
    ['deflate', deflateSync(zeros)],
    ['zstd', zstdBomb(512)],
    ['snappy', compress(zeros)],
    ['identity', zeros],
  ])('%s stops at the limit', async (encoding, body) => {
    await expect(decompress(body, encoding, MIB)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE', http: 413 })
  })

  it('refuses by what the header says, before anything is decompressed', async () => {
    const sized = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 0x01, 0, 0])
    await expect(decompress(sized, 'zstd', MIB)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
    const snappy = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0])
    await expect(decompress(snappy, 'snappy', MIB)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
    const window = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff, 0x01, 0, 0])
    await expect(decompress(window, 'zstd', MIB)).rejects.toMatchObject({ code: 'BODY_INVALID' })
  })
})

describe('other encodings', () => {
  it.each(['br', 'compress', 'gzip, gzip', 'gzip,', 'constructor'])(
    '%s is not supported',
    async (encoding) => {
      await expect(decompress(TEXT, encoding, MIB)).rejects.toMatchObject({
        code: 'MEDIA_UNSUPPORTED',
        http: 415,
      })
    },
  )
})

it('gives up on a zstd body that takes too long, and goes on with the next', async () => {
  const slow = unzstd(zstdBomb(512), 128 * MIB, 1)
  const next = unzstd(ZSTD_REAL, MIB)
  await expect(slow).rejects.toMatchObject({
    code: 'BODY_INVALID',
    message: expect.stringContaining('too long'),
  })
  expect(await next).toEqual(TEXT)
})

it('ends on a snappy literal of negative length', async () => {
  const body = Buffer.from([10, 0xfc, 0xfa, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0])
  await expect(decompress(body, 'snappy', MIB)).rejects.toMatchObject({ code: 'BODY_INVALID' })
})

it('reads what any snappy compressor writes', async () => {
  const text = fc.array(fc.constantFrom('a', 'ab', 'abc', 'xyz', '0123456789'.repeat(30), '\n'), {
    maxLength: 200,
  })
  await fc.assert(
    fc.asyncProperty(text, async (parts) => {
      const data = Buffer.from(parts.join(''))
      expect(await decompress(compress(data), 'snappy', MIB)).toEqual(data)
    }),
    { numRuns: 200 },
  )
})

describe.each(['gzip', 'deflate', 'zstd', 'snappy'])('%s with bytes changed', (encoding) => {
  it('throws nothing but its own errors and goes on', async () => {
    const whole = WHOLE.find(([, name]) => name === encoding)?.[2] ?? Buffer.alloc(0)
    const edit = fc.tuple(fc.nat(whole.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
        const body = Buffer.from(whole)
        for (const [at, byte] of edits) body[at] = byte
        const result = await decompress(body, encoding, MIB).catch((thrown: unknown) => thrown)
        expect(Buffer.isBuffer(result) || result instanceof LogctlError).toBe(true)
      }),
      { numRuns: 250 },
    )
    expect(await decompress(whole, encoding, MIB)).toEqual(TEXT)
  })
})
