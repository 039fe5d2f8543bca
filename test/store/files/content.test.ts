// What stands in a file, whatever its compression and however it is damaged.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { contentOf } from '#logctl/store/files/content.js'
import { tempFolder } from '../../temp-folder.js'

/** Lines that do not compress away, so that a damage hits the middle of something. */
const LINES = Array.from({ length: 40_000 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join('')
const folder = tempFolder()
let files = 0

const zstd = (text: string): Buffer => execFileSync('zstd', ['-q', '-c'], { input: text })

async function read(bytes: Buffer | string): Promise<{ text: string; warnings: string[] }> {
  const path = join(folder, `file-${files++}`)
  writeFileSync(path, bytes)
  const warnings: string[] = []
  const chunks: Buffer[] = []
  const stretch = { path, size: Buffer.byteLength(bytes) }
  for await (const chunk of contentOf(stretch, (why) => warnings.push(why))) chunks.push(chunk)
  return { text: Buffer.concat(chunks).toString(), warnings }
}

const first = gzipSync('first\n')
const packed = gzipSync(LINES)

test('plain and empty', async () => {
  expect(await read(LINES)).toEqual({ text: LINES, warnings: [] })
  expect(await read('')).toEqual({ text: '', warnings: [] })
})

test('gzip, one member or several', async () => {
  expect(await read(packed)).toEqual({ text: LINES, warnings: [] })
  expect(await read(Buffer.concat([first, packed, first]))).toEqual({
    text: `first\n${LINES}first\n`,
    warnings: [],
  })
})

test.each([1, 9, 5_000, 100_000])(
  'a last member that is cut off by %i bytes is read as far as it goes',
  async (cut) => {
    const { text, warnings } = await read(Buffer.concat([first, packed.subarray(0, -cut)]))
    expect(`first\n${LINES}`.startsWith(text)).toBe(true)
    expect(text.length).toBeGreaterThan(cut < 8 ? LINES.length : LINES.length / 2)
    expect(warnings).toEqual([expect.stringContaining('damaged or cut off')])
  },
)

test('what follows a member and is no gzip is told of, and nothing before it is lost', async () => {
  const { text, warnings } = await read(Buffer.concat([packed, Buffer.from('garbage')]))
  expect(text).toBe(LINES)
  expect(warnings).toHaveLength(1)
})

test('a damage in the middle loses nothing that stands before it', async () => {
  const damaged = Buffer.concat([
    first,
    packed,
    Buffer.from([0x1f, 0x8b, 0x08, 0, 1, 2, 3]),
    Buffer.alloc(50, 0xff),
  ])
  const { text, warnings } = await read(damaged)
  expect(text).toBe(`first\n${LINES}`)
  expect(warnings).toHaveLength(1)
})

test('zstd, one frame or several, and one that is cut off', async () => {
  const frame = zstd(LINES)
  expect(await read(Buffer.concat([frame, zstd('second\n')]))).toEqual({
    text: `${LINES}second\n`,
    warnings: [],
  })
  const { text, warnings } = await read(frame.subarray(0, -20_000))
  expect(LINES.startsWith(text)).toBe(true)
  expect(text.length).toBeGreaterThan(0)
  expect(warnings).toEqual(['is damaged or cut off: it is not whole zstd data'])
})

test('a pipe is no file, and does not make anybody wait', async () => {
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const warnings: string[] = []
  for await (const chunk of contentOf({ path, size: 1 }, (why) => warnings.push(why)))
    expect(chunk).toBeUndefined()
  expect(warnings).toEqual(['has gone while it was read'])
})
