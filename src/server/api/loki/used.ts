// Counts what a query reads, and writes the statistics that Grafana and logcli show.
import type { Scanner } from '../../../record/scanner.js'

export interface Used {
  lines: number
  /** Of lines, as UTF-16 units: about as many bytes. */
  bytes: number
}

/** The same scanner, with what it gives added up. Of an aggregate the records are known where they were counted. */
export function countingScanner(scanner: Scanner, used: Used): Scanner {
  return {
    ...scanner,
    async *scan(request, options) {
      for await (const piece of scanner.scan(request, options)) {
        used.lines += piece.length
        for (const { line } of piece) used.bytes += line.length
        yield piece
      }
    },
    async aggregate(request, options) {
      const answer = await scanner.aggregate(request, options)
      const { kind } = request.measure
      if (kind !== 'count' && kind !== 'bytes') return answer
      const sum = answer.series.reduce(
        (total, { points }) => points.reduce((of, [, value]) => of + value, total),
        0,
      )
      used[kind === 'count' ? 'lines' : 'bytes'] += sum
      return answer
    },
  }
}

const STORE = {
  totalChunksRef: 0,
  totalChunksDownloaded: 0,
  chunksDownloadTime: 0,
  queryReferencedStructuredMetadata: false,
  chunk: {
    headChunkBytes: 0,
    headChunkLines: 0,
    decompressedBytes: 0,
    decompressedLines: 0,
    compressedBytes: 0,
    totalDuplicates: 0,
    postFilterLines: 0,
    headChunkStructuredMetadataBytes: 0,
    decompressedStructuredMetadataBytes: 0,
  },
  chunkRefsFetchTime: 0,
  congestionControlLatency: 0,
  pipelineWrapperFilteredLines: 0,
}
const CACHE = {
  entriesFound: 0,
  entriesRequested: 0,
  entriesStored: 0,
  bytesReceived: 0,
  bytesSent: 0,
  requests: 0,
  downloadTime: 0,
  queryLengthServed: 0,
}
const CACHES = [
  'chunk',
  'index',
  'result',
  'statsResult',
  'volumeResult',
  'seriesResult',
  'labelResult',
  'instantMetricResult',
] as const

/** The object `stats` of an answer: what is true of this server, and zero for parts that it does not have. */
export function statsOf(
  { lines, bytes }: Used,
  { seconds, queuedSeconds, entries }: { seconds: number; queuedSeconds: number; entries: number },
): object {
  const perSecond = (amount: number): number => (seconds > 0 ? Math.round(amount / seconds) : 0)
  return {
    summary: {
      bytesProcessedPerSecond: perSecond(bytes),
      linesProcessedPerSecond: perSecond(lines),
      totalBytesProcessed: bytes,
      totalLinesProcessed: lines,
      execTime: seconds,
      queueTime: queuedSeconds,
      subqueries: 0,
      totalEntriesReturned: entries,
      splits: 0,
      shards: 0,
      totalPostFilterLines: entries,
      totalStructuredMetadataBytesProcessed: 0,
    },
    querier: { store: STORE },
    ingester: {
      totalReached: 0,
      totalChunksMatched: 0,
      totalBatches: 0,
      totalLinesSent: 0,
      store: STORE,
    },
    cache: Object.fromEntries(CACHES.map((name) => [name, CACHE])),
    index: { totalChunks: 0, postFilterChunks: 0, shardsDuration: 0 },
  }
}
