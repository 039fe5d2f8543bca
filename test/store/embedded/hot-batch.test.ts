// Memory of hot batches: given up, the lines come from the file; used again, no two batches share a byte.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isVanished } from '#logctl/store/embedded/duck.js'
import { HotBatch } from '#logctl/store/embedded/hot-batch.js'
import { BlockPool, SegmentMemory } from '#logctl/store/embedded/hot-memory.js'
import { Segment, recordsOf } from '#logctl/store/embedded/segment.js'
import { tempFolder } from '../../temp-folder.js'
import { decode } from './shaped-lines.js'

test('a batch without memory reads its lines from the file, until that is gone', async () => {
  const path = join(await tempFolder(), 'segment.ndjson')
  await writeFile(path, 'header\n{"a":1}\n{"b":2}\nframe\n')
  const lines = Buffer.from('{"a":1}\n{"b":2}\n')
  const batch = new HotBatch({ sequence: 1, records: 2, bytes: lines.length, arrived: '' }, lines, 7)
  expect(batch.lines).toBe(lines)
  batch.giveUpMemory(path)
  lines.fill(0)
  expect(batch.lines.toString()).toBe('{"a":1}\n{"b":2}\n')
  await rm(path)
  let thrown: unknown
  try {
    expect(batch.lines).toBeUndefined()
  } catch (error) {
    thrown = error
  }
  expect(isVanished(thrown)).toBe(true)
})

test('records are the same when the memory is given up while they are read', async () => {
  const path = join(await tempFolder(), 'segment.ndjson')
  const segment = new Segment(path, 1)
  const records = decode([1, 2, 3].map((n) => `{"time":"2025-01-11T09:30:00Z","n":${n}}`).join('\n'))
  const lines = Buffer.from(records.map((record) => segment.printLine(record)).join(''))
  await writeFile(path, lines)
  const batch = new HotBatch({ sequence: 1, records: 3, bytes: lines.length, arrived: '' }, lines, 0)
  const seen: string[] = []
  for (const record of recordsOf(batch, ['"n"'])) {
    seen.push(record.line)
    batch.giveUpMemory(path)
    lines.fill(0)
  }
  expect(seen).toEqual(records.map(({ line }) => line))
})

test('batches of a segment lie apart, large ones too; released memory serves the next segment', () => {
  const pool = new BlockPool()
  const sizes = [0, 10, 3_000_000, 2_000_000, 5_000_000, 7, 4 << 20, 1]
  for (let round = 0; round < 3; round++) {
    const memory = new SegmentMemory(pool)
    const pieces = sizes.map((size, i) => memory.allocate(size).fill(i + round))
    for (const [i, piece] of pieces.entries()) {
      expect(piece.length).toBe(sizes[i])
      expect(piece.every((byte) => byte === i + round)).toBe(true)
    }
    memory.release()
  }
})
