// `auto` fits the machine: the small ones are not killed, the usual ones get the measured sizes.
import { sizesFor } from '#logctl/config/sizes.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadFrom } from './load-from.js'

const MIB = 2 ** 20
const { config } = await loadFrom({})

const of = (memoryBytes: number, cores = 2) => sizesFor({ cores, memoryBytes, memoryOrigin: 'total' }, config)

test('512 MiB', () => {
  expect(of(512 * MIB)).toEqual({
    segmentBytes: 8 * MIB,
    maxWaitingSegments: 2,
    duckdbSealMemoryBytes: 96 * MIB,
    duckdbQueryMemoryBytes: 96 * MIB,
    queryThreads: 1,
    queryConcurrency: 1,
    inFlightBytes: 20 * MIB,
    bodyBytes: 16 * MIB,
  })
})

test('2 GiB and more', () => {
  const usual = {
    segmentBytes: 16 * MIB,
    maxWaitingSegments: 4,
    duckdbSealMemoryBytes: 256 * MIB,
    duckdbQueryMemoryBytes: 512 * MIB,
    queryThreads: 2,
    queryConcurrency: 2,
    inFlightBytes: 256 * MIB,
    bodyBytes: 100 * MIB,
  }
  expect(of(2048 * MIB)).toEqual(usual)
  // A machine sold with 2 GiB shows a little less.
  expect(of(1970 * MIB)).toEqual(usual)
  expect(of(65_536 * MIB, 32)).toEqual(usual)
  expect(of(65_536 * MIB, 1).queryThreads).toBe(1)
})

test('everything together fits beside Node from 256 MiB up, and more memory never gives less', () => {
  const node = 120 * MIB
  fc.assert(
    fc.property(fc.integer({ min: 256, max: 8192 }), fc.nat(4096), (mib, more) => {
      const small = of(mib * MIB)
      const large = of((mib + more) * MIB)
      const segments = (small.maxWaitingSegments + 1) * small.segmentBytes
      const sum = node + segments + small.duckdbSealMemoryBytes + small.inFlightBytes
      expect(sum).toBeLessThanOrEqual(mib * MIB)
      for (const name of Object.keys(small) as (keyof typeof small)[])
        expect(large[name]).toBeGreaterThanOrEqual(small[name])
    }),
  )
})

test('queries fit too from 448 MiB up', () => {
  for (const mib of [448, 512, 960, 1920, 4096]) {
    const sizes = of(mib * MIB)
    const segments = (sizes.maxWaitingSegments + 1) * sizes.segmentBytes
    const duckdb = sizes.duckdbSealMemoryBytes + sizes.duckdbQueryMemoryBytes
    expect(120 * MIB + segments + duckdb + sizes.inFlightBytes).toBeLessThanOrEqual(mib * MIB)
  }
})

test('what the configuration names counts on every machine', async () => {
  const file =
    'store: {segment_bytes: 2MiB, max_waiting_segments: 9, memory: 40MiB}\nquery: {concurrency: 7, memory: 50MiB}\nlimits: {in_flight: 5MiB}'
  const named = (await loadFrom({ file })).config
  for (const memoryBytes of [256 * MIB, 4096 * MIB]) {
    expect(sizesFor({ cores: 2, memoryBytes, memoryOrigin: 'total' }, named)).toMatchObject({
      segmentBytes: 2 * MIB,
      maxWaitingSegments: 9,
      duckdbSealMemoryBytes: 40 * MIB,
      duckdbQueryMemoryBytes: 50 * MIB,
      queryConcurrency: 7,
      inFlightBytes: 5 * MIB,
    })
  }
})
