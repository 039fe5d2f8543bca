// The mirror's files after crashes, at the end of days and when days go: every line once, in one form of a day.
import { appendFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeEach, expect, test } from 'vitest'
import type { StoredRecord } from '#logctl/record/record.js'
import type { Day, Timestamp } from '#logctl/record/time.js'
import { MirrorFiles } from '#logctl/upkeep/mirror/mirror-files.js'
import { tempFolder } from '../../temp-folder.js'

const DAY = '2025-01-11' as Day
const LATER = Date.parse('2099-01-01')
const never = new AbortController().signal

let home: string
let files: MirrorFiles

const open = (): MirrorFiles =>
  new MirrorFiles(
    { path: `${home}/logs/%Y-%m-%d.log`, errors: `${home}/logs/errors-%Y-%m-%d.log` },
    `${home}/mirror.json`,
    ({ line }) => line,
  )

function record(sequence: number, more: Partial<StoredRecord> = {}): StoredRecord {
  const timestamp = `${DAY}T09:30:00.000000000Z` as Timestamp
  const empty = { timestamp, tenant: 'none', labels: {}, level: 'info' as const, fields: {} }
  return { ...empty, line: `line ${sequence}`, sequence, ...more }
}

const at = (name: string): string => join(home, 'logs', name)
const text = (name: string): string => readFileSync(at(name), 'utf8')

beforeEach(async () => {
  home = tempFolder()
  files = open()
  await files.recover(0)
})

test('every record goes to its day, errors also to theirs', async () => {
  await files.append([
    record(1),
    record(2, { level: 'fatal' }),
    record(3, { labels: { stream: 'stderr' } }),
    record(4, { timestamp: '2024-02-29T00:00:00.000000000Z' as Timestamp }),
  ])
  expect(text(`${DAY}.log`)).toBe('line 1\nline 2\nline 3\n')
  expect(text(`errors-${DAY}.log`)).toBe('line 2\nline 3\n')
  expect(text('2024-02-29.log')).toBe('line 4\n')
})

test('what was written behind the position is cut off, so that it does not come twice', async () => {
  await files.append([record(1)])
  await files.checkpoint()
  await files.append([record(2), record(3, { timestamp: '2025-01-12T00:00:00.000000000Z' as Timestamp })])
  appendFileSync(at(`${DAY}.log`), 'half a li')
  const again = open()
  await again.recover(99)
  expect(again.through).toBe(1)
  expect([text(`${DAY}.log`), text('2025-01-12.log')]).toEqual(['line 1\n', ''])
})

test('without a position it begins with what comes; one that cannot be read is told of', async () => {
  const later = new MirrorFiles({ path: `${home}/%Y%m%d` }, `${home}/other.json`, ({ line }) => line)
  await later.recover(7)
  expect(later.through).toBe(7)
  writeFileSync(`${home}/mirror.json`, '{"form')
  await expect(open().recover(0)).rejects.toMatchObject({ code: 'DATA_DAMAGED' })
})

test('a day that is over is compressed; a late event becomes a member more, and a crash there is undone', async () => {
  await files.append([record(1), record(2, { level: 'error' })])
  await files.closeDays(Date.parse(`${DAY}T23:59:59Z`), never)
  expect(readdirSync(`${home}/logs`)).toContain(`${DAY}.log`)
  await files.checkpoint()
  await files.closeDays(LATER, never)
  expect(readdirSync(`${home}/logs`).sort()).toEqual([`${DAY}.log.gz`, `errors-${DAY}.log.gz`])
  await files.append([record(3)])
  await files.checkpoint()
  const read = (): string => gunzipSync(readFileSync(at(`${DAY}.log.gz`))).toString()
  expect(read()).toBe('line 1\nline 2\nline 3\n')
  await files.append([record(4)])
  const again = open()
  await again.recover(0)
  expect(read()).toBe('line 1\nline 2\nline 3\n')
  await again.append([record(4)])
  expect(read()).toBe('line 1\nline 2\nline 3\nline 4\n')
})

test('a crash between the two forms of a day leaves one', async () => {
  await files.append([record(1)])
  await files.checkpoint()
  const position = JSON.parse(readFileSync(`${home}/mirror.json`, 'utf8')) as object
  writeFileSync(`${home}/mirror.json`, JSON.stringify({ ...position, closing: at(`${DAY}.log`) }))
  await open().recover(0)
  expect(readdirSync(`${home}/logs`)).toEqual([`${DAY}.log`])
  writeFileSync(at(`${DAY}.log.gz`), gzipSync('line 1\n'))
  writeFileSync(`${home}/mirror.json`, JSON.stringify({ ...position, closing: at(`${DAY}.log`) }))
  const again = open()
  await again.recover(0)
  expect(readdirSync(`${home}/logs`)).toEqual([`${DAY}.log.gz`])
  await again.append([record(2)])
  expect(gunzipSync(readFileSync(at(`${DAY}.log.gz`))).toString()).toBe('line 1\nline 2\n')
})

test('a compressed file of somebody else is never written over', async () => {
  await files.append([record(1)])
  await files.checkpoint()
  writeFileSync(at(`${DAY}.log.gz`), 'theirs')
  await files.closeDays(LATER, never)
  expect([text(`${DAY}.log`), text(`${DAY}.log.gz`)]).toEqual(['line 1\n', 'theirs'])
})

test('dropped days go in every form, and nothing else goes', async () => {
  await files.append([
    record(1, { level: 'error' }),
    record(2, { timestamp: '2025-01-12T00:00:00.000000000Z' as Timestamp }),
  ])
  writeFileSync(at(`${DAY}.log.bak`), 'kept')
  await files.checkpoint()
  await files.drop([DAY])
  expect(readdirSync(`${home}/logs`).sort()).toEqual([`${DAY}.log.bak`, '2025-01-12.log'])
  await files.append([record(3)])
  expect(text(`${DAY}.log`)).toBe('line 3\n')
  expect(existsSync(at(`errors-${DAY}.log`))).toBe(false)
})
