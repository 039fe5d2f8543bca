// A folder of plain daily files as a scanner, as Vector's file sink, logrotate or the mirror leave them behind. It is
// only ever read; `drop` removes whole files whose name is a day, and nothing else.
import { rm } from 'node:fs/promises'
import { errnoOf, fail, messageOf } from '../../errors.js'
import { aggregateByScan } from '../../record/aggregate.js'
import type { ScanRequest } from '../../record/scan-request.js'
import type { Scanner } from '../../record/scanner.js'
import type { DayOnDisk, StoreStatus } from '../../record/store-status.js'
import type { Day } from '../../record/time.js'
import { checkRequest } from '../check-request.js'
import { diskSpace } from '../embedded/free-space.js'
import { type Counting, daysWithRecords, fileLabels, fileStats, newestLine } from './count.js'
import { type DayFile, type DayFolder, listFolder } from './day-file.js'
import { daysIn } from './day-files.js'
import type { ReadingRules } from './file-reader.js'
import { followFolder } from './follow.js'
import { matchingRecords, scanDays } from './scan.js'

export interface FilesReader extends Scanner {
  status(): Promise<StoreStatus>
  /** Days with all their files, compressed or not, the errors among them; their records are not counted. */
  daysOnDisk(): Promise<readonly DayOnDisk[]>
  /** Removes all files of the days. `warn` is told of those that stay. */
  drop(days: readonly Day[], warn?: (message: string) => void): Promise<readonly DayOnDisk[]>
}

/** Throws DATA_UNREADABLE. */
export function openFiles(folder: string, rules: ReadingRules): FilesReader {
  listFolder(folder)
  /** The folder as it was when the newest sequence was asked for: reading up to it, and on from it, both mean that. */
  let seen: { listing: DayFolder; sequence: number; open: boolean } | undefined
  const counting = (options: Counting['options'] = {}): Counting => ({
    days: daysIn(listFolder(folder)),
    rules,
    options,
  })
  return {
    scan(request, options) {
      checkRequest(request)
      const { sequenceUpTo, ...whole } = request
      // What was there then is all that is to be read, so that no sequence needs to be looked at.
      if (seen === undefined || seen.sequence !== sequenceUpTo)
        return scanDays(daysIn(listFolder(folder)), rules, request, options)
      return scanDays(daysIn(seen.listing), rules, whole, options)
    },
    aggregate(request, options) {
      const scan = (all: ScanRequest) => matchingRecords(daysIn(listFolder(folder)), rules, all, options)
      return aggregateByScan({ scan }, request, options)
    },
    follow: (request, options) =>
      followFolder(
        { folder, rules, seen: seen?.sequence === request.sequenceAbove ? seen : undefined },
        request,
        options,
      ),
    async newestSequence() {
      const listing = listFolder(folder)
      const newest = await newestLine({ days: daysIn(listing), rules })
      seen = { listing, sequence: newest?.sequence ?? 0, open: newest?.open ?? false }
      return seen.sequence
    },
    days: () => daysWithRecords(counting()),
    stats: async (request, options) => fileStats(counting(options), request, filesOf(folder, request.day)),
    labels: async (request, options) => fileLabels(counting(options), request),
    status: async () => statusOf(folder),
    daysOnDisk: async () => onDisk(listFolder(folder)),
    drop: (days, warn) => drop(folder, days, warn),
    close: async () => undefined,
  }
}

function filesOf(folder: string, day: Day): DayFile[] {
  return listFolder(folder).files.filter((file) => file.day === day && !file.errors && file.size > 0)
}

function onDisk({ files }: DayFolder): DayOnDisk[] {
  const bytes = new Map<Day, number>()
  for (const { day, size } of files) bytes.set(day, (bytes.get(day) ?? 0) + size)
  return [...bytes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, size]) => ({ day, bytes: size }))
}

async function drop(
  folder: string,
  days: readonly Day[],
  warn?: (message: string) => void,
): Promise<readonly DayOnDisk[]> {
  const wanted = listFolder(folder).files.filter(({ day }) => days.includes(day))
  const gone: DayFile[] = []
  const stayed: string[] = []
  for (const file of wanted) {
    try {
      await rm(file.path)
      gone.push(file)
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') stayed.push(`${file.name} could not be removed: ${messageOf(error)}`)
    }
  }
  for (const message of stayed) warn?.(message)
  const [first] = stayed
  if (gone.length === 0 && first !== undefined) fail('STORE_FAILED', first)
  return onDisk({ files: gone, odd: [] })
}

async function statusOf(folder: string): Promise<StoreStatus> {
  const { files, odd } = listFolder(folder)
  const { freeBytes, totalBytes } = await diskSpace(folder)
  const newestMs = files.reduce((newest, { mtimeMs }) => Math.max(newest, mtimeMs), 0)
  return {
    kind: 'files',
    path: folder,
    state: 'ok',
    days: new Set(files.map(({ day }) => day)).size,
    parts: files.length,
    segments: 0,
    hot_bytes: 0,
    stored_bytes: files.reduce((sum, { size }) => sum + size, 0),
    newest_sequence: 0,
    ...(files.length > 0 && { newest_arrival: new Date(newestMs).toISOString() }),
    disk_free_bytes: freeBytes,
    disk_total_bytes: totalBytes,
    damaged: odd.map(({ name }) => `${name} is no regular file`),
  }
}
