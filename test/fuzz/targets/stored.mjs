// Files of the data folder with damage in them: what is read is what was written, or is known to be damaged.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalLabels } from '#logctl/record/labels.js'
import { parseChecked, printChecked } from '#logctl/store/embedded/checked-json.js'
import { printFrame, printHeader, readSegment } from '#logctl/store/embedded/frame.js'
import { addBatches } from '#logctl/store/embedded/hot-files.js'
import { Segment, recordsOf } from '#logctl/store/embedded/segment.js'
import { printSide, readSideFile } from '#logctl/store/embedded/side-file.js'
import { buildWordFilter, mayContain, mergeWordFilters } from '#logctl/store/embedded/word-filter.js'
import { readKeyFile } from '#logctl/server/key-file.js'
import { randomOf, numberBelow } from '../random.mjs'

let folder = ''
const open = async () => {
  folder = mkdtempSync(join(tmpdir(), 'logctl-fuzz-'))
}
const close = async () => rmSync(folder, { recursive: true, force: true })

/** @param {number} sequence @returns {import('#logctl/record/record.js').LogRecord} */
function record(sequence) {
  const timestamp = /** @type {import('#logctl/record/time.js').Timestamp} */ (
    `2025-01-1${sequence % 3}T09:30:00.000000${String(sequence % 1000).padStart(3, '0')}Z`
  )
  const line = ['GET / 200', '{"status":200,"a":"b"}', 'é "quoted" \\ ', '{"_batch":{'][sequence % 4] ?? ''
  return {
    timestamp,
    tenant: 't',
    labels: canonicalLabels({ app: `a${sequence % 3}` }),
    level: 'info',
    line,
    fields: sequence % 4 === 1 ? { status: 200, a: 'b' } : { n: sequence },
  }
}

/** A segment file of a few batches. @param {number} seed */
function segmentFile(seed) {
  const random = randomOf(seed)
  const segment = new Segment('', 1)
  const pieces = [printHeader(1, '2025-01-12T00:00:00.000Z')]
  for (let sequence = 1; sequence < 12;) {
    const records = 1 + numberBelow(random, 3)
    const lines = Buffer.from(
      Array.from({ length: records }, (_, i) => segment.printLine(record(sequence + i))).join(''),
    )
    pieces.push(
      lines,
      printFrame(
        { sequence, records, arrived: '2025-01-12T00:00:00.000Z', ...(random() < 0.3 ? { key: 'k' } : {}) },
        lines,
      ),
    )
    sequence += records
  }
  return Buffer.concat(pieces)
}

/** The batches that were written. @type {Set<string>} */
const written = new Set()

/** @param {Buffer} content @param {import('#logctl/store/embedded/frame.js').FramedBatch} batch */
const batchText = (content, { frame, start, end }) =>
  `${JSON.stringify(frame)}\n${content.toString('latin1', start, end)}`

/** @type {import('../rounds.mjs').Target} */
const hotSegment = {
  name: 'hot-segment',
  bodies(seed) {
    written.clear()
    const files = Array.from({ length: 20 }, (_, i) => segmentFile(seed + i))
    for (const file of files)
      for (const batch of readSegment(file).batches) written.add(batchText(file, batch))
    return files
  },
  words: [
    '{"_batch":{',
    ',"crc32":',
    '}}\n',
    '{"_segment":{',
    '"bytes":',
    '"sequence":',
    '"records":',
    '\n',
    '-1',
    '1e99',
  ],
  refusals: [],
  run(input) {
    const contents = readSegment(input)
    for (const batch of contents.batches)
      assert.ok(written.has(batchText(input, batch)), 'a batch that was never written')
    let covered = 0
    for (const { start, end } of [
      ...contents.batches.map(({ start, next }) => ({ start, end: next })),
      ...contents.damaged,
    ]) {
      assert.ok(end > start, 'stretches are not empty')
      covered += end - start
    }
    const header = input.length - covered
    assert.ok(header >= 0 && header <= input.length, 'batches and damage do not overlap')
    const segment = new Segment('', 1)
    addBatches(segment, input, contents)
    for (const batch of segment.batches) assert.equal([...recordsOf(batch)].length, batch.frame.records)
  },
}

const MANIFESTS = [
  {
    format: 1,
    generation: 7,
    sealedThrough: 99,
    nextPart: 4,
    newestArrival: '',
    days: {
      '2025-01-11': {
        file: 'date=2025-01-11/manifest-2.json',
        crc32: 1,
        records: 9,
        parts: 1,
        storedBytes: 10,
      },
    },
  },
  { format: 1, day: '2025-01-11', parts: [], totals: { records: 9, counts: [[1, 2, 3]] } },
  { frames: [{ key: 'a', sequence: 1, records: 2, arrived: '2025-01-12T00:00:00.000Z' }] },
]

/** @type {import('../rounds.mjs').Target} */
const manifest = {
  name: 'manifest',
  bodies: () => MANIFESTS.map((value) => printChecked(value)),
  words: [',"crc32":', '0}', '}\n', '"generation":8', '{', '"days":{}'],
  refusals: [],
  run(input) {
    const got = parseChecked(input)
    if (got !== undefined)
      assert.ok(
        MANIFESTS.some((value) => JSON.stringify(value) === JSON.stringify(got)),
        'never written',
      )
  },
}

/** @type {Buffer[]} */
const sides = []

/** @type {import('../rounds.mjs').Target} */
const sideFile = {
  name: 'side-file',
  bodies: () => sides,
  words: ['\x1f\x8b\x08', '\x00\x00\xff\xff'],
  refusals: [],
  async open() {
    await open()
    // Only the frame is under test: what is inside is as good as its checksum.
    for (const value of MANIFESTS) sides.push(await printSide(/** @type {any} */ (value)))
  },
  close,
  async run(input) {
    const path = join(folder, 'part-1.json.gz')
    writeFileSync(path, input)
    const got = await readSideFile(path)
    if (got !== undefined)
      assert.ok(
        MANIFESTS.some((value) => JSON.stringify(value) === JSON.stringify(got)),
        'never written',
      )
  },
}

/** @param {number} count */
const someWords = (count) =>
  new Set(Array.from({ length: count }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 0))

/** @type {import('../rounds.mjs').Target} */
const wordFilter = {
  name: 'word-filter',
  bodies: () =>
    [0, 1, 30, 500]
      .map((count) => buildWordFilter([someWords(count)]))
      .flatMap((one, i, all) => [one, mergeWordFilters(all.slice(0, i))]),
  words: ['LCWORDS1', '\x00\x00\x00\x00', '\xff\xff\xff\xff'],
  refusals: [],
  run(input) {
    assert.equal(typeof mayContain(input, { words: someWords(3), pieces: someWords(2) }), 'boolean')
  },
}

const KEYS = {
  format: 1,
  keys: [
    {
      id: 'i',
      name: 'web',
      hash: 'a'.repeat(64),
      prefix: 'lc_abcde',
      tenant: 'acme',
      scopes: ['ingest'],
      created: '2025-01-11T00:00:00.000Z',
    },
  ],
}

/** @type {import('../rounds.mjs').Target} */
const keyFile = {
  name: 'key-file',
  bodies: () => [
    Buffer.from(JSON.stringify(KEYS)),
    Buffer.from(JSON.stringify(KEYS, null, 2)),
    Buffer.from('{"format":1,"keys":[]}'),
  ],
  words: [
    '"format":2',
    '"keys":[',
    '"scopes":["admin"]',
    '"expires":"',
    'null',
    '[[[[[[[[[[[[',
    '"tenant":""',
    '9'.repeat(30),
  ],
  refusals: ['CONFIG_INVALID', 'DATA_NEWER'],
  open,
  close,
  run(input) {
    writeFileSync(join(folder, 'keys.json'), input)
    for (const { hash, scopes } of readKeyFile(folder).keys)
      assert.ok(hash.length === 64 && scopes.length > 0, 'a key that opens nothing')
  },
}

export const stored = [hotSegment, manifest, sideFile, wordFilter, keyFile]
