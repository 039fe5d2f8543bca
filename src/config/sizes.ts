// Sizes what `auto` leaves open to the machine, so that a 512 MiB container is never killed for memory.
import type { Machine } from './machine.js'
import type { Config } from './schema.js'

export interface Sizes {
  /** The hot segment is closed at this size. */
  readonly segmentBytes: number
  /** Closed segments that may wait to be sealed. */
  readonly maxWaitingSegments: number
  /** DuckDB's limit for sealing and merging. */
  readonly duckdbSealMemoryBytes: number
  /** DuckDB's limit for all queries together. */
  readonly duckdbQueryMemoryBytes: number
  /** DuckDB's threads for queries. */
  readonly queryThreads: number
  readonly queryConcurrency: number
  /** Bytes of request bodies being worked on at once. */
  readonly inFlightBytes: number
  /** The largest request body, decompressed. */
  readonly bodyBytes: number
}

const MIB = 2 ** 20

interface Step extends Omit<Sizes, 'queryThreads'> {
  /** Machines with this much memory or more. */
  readonly fromBytes: number
}

/**
 * What a process needs: Node with DuckDB loaded rests at 100–150 MiB; a seal takes about its limit beside
 * that; a segment's bytes stay in memory until it is sealed; bodies are held decompressed, and the records of one
 * take about eight times its bytes until they are stored.
 */
const STEPS: readonly Step[] = [
  {
    fromBytes: 1920 * MIB,
    segmentBytes: 16 * MIB,
    maxWaitingSegments: 4,
    duckdbSealMemoryBytes: 256 * MIB,
    duckdbQueryMemoryBytes: 512 * MIB,
    queryConcurrency: 2,
    inFlightBytes: 256 * MIB,
    bodyBytes: 100 * MIB,
  },
  {
    fromBytes: 960 * MIB,
    segmentBytes: 16 * MIB,
    maxWaitingSegments: 4,
    duckdbSealMemoryBytes: 160 * MIB,
    duckdbQueryMemoryBytes: 192 * MIB,
    queryConcurrency: 2,
    inFlightBytes: 96 * MIB,
    bodyBytes: 48 * MIB,
  },
  {
    fromBytes: 448 * MIB,
    segmentBytes: 8 * MIB,
    maxWaitingSegments: 2,
    duckdbSealMemoryBytes: 96 * MIB,
    duckdbQueryMemoryBytes: 96 * MIB,
    queryConcurrency: 1,
    inFlightBytes: 20 * MIB,
    bodyBytes: 16 * MIB,
  },
  {
    fromBytes: 0,
    segmentBytes: 4 * MIB,
    maxWaitingSegments: 2,
    duckdbSealMemoryBytes: 64 * MIB,
    duckdbQueryMemoryBytes: 64 * MIB,
    queryConcurrency: 1,
    inFlightBytes: 16 * MIB,
    bodyBytes: 8 * MIB,
  },
]

/** Threads of a query: more would fill libuv's four, through which the store also writes. */
const MAX_QUERY_THREADS = 2

/** What the configuration names counts as it stands; `auto` is filled in from the machine's memory and cores. */
export function sizesFor(machine: Machine, { store, query, limits }: Config): Sizes {
  const step = STEPS.find(({ fromBytes }) => machine.memoryBytes >= fromBytes)
  if (step === undefined) throw new RangeError('a machine has no less than no memory')
  return {
    segmentBytes: chosen(store.segment_bytes, step.segmentBytes),
    maxWaitingSegments: chosen(store.max_waiting_segments, step.maxWaitingSegments),
    duckdbSealMemoryBytes: chosen(store.memory, step.duckdbSealMemoryBytes),
    duckdbQueryMemoryBytes: chosen(query.memory, step.duckdbQueryMemoryBytes),
    queryThreads: step.queryConcurrency === 1 ? 1 : Math.min(MAX_QUERY_THREADS, machine.cores),
    queryConcurrency: chosen(query.concurrency, step.queryConcurrency),
    inFlightBytes: chosen(limits.in_flight, step.inFlightBytes),
    bodyBytes: chosen(limits.body, step.bodyBytes),
  }
}

function chosen(configured: number | 'auto', automatic: number): number {
  return configured === 'auto' ? automatic : configured
}
