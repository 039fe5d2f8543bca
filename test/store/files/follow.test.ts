// A follower sees every line once, in the order of writing, whatever rotations do to the files.
import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFiles } from '#logctl/store/files/index.js'
import { type Follower, pause, startFollowing } from '../../laws/reading.js'
import { tempFolder } from '../../temp-folder.js'
import { rulesOf } from './rules.js'

let folder: string
let follower: Follower
const TODAY = '2025-01-11.log'

const line = (text: string): string => `{"message":"${text}"}\n`
const write = (name: string, text: string): void => appendFileSync(join(folder, name), text)
const seen = (): string[] => follower.found.map(({ line: text }) => text)

async function begin(): Promise<void> {
  const reader = openFiles(folder, rulesOf())
  follower = startFollowing(reader, { sequenceAbove: await reader.newestSequence() })
  await pause(50)
}

beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => follower.stop())

test('what is there already is not repeated, and an empty folder is waited for', async () => {
  write('2025-01-10.log', line('old'))
  await begin()
  write(TODAY, line('a') + line('b'))
  await follower.count(2)
  expect(seen()).toEqual(['a', 'b'])
  await follower.stop()
  folder = tempFolder()
  await begin()
  write(TODAY, line('first'))
  await follower.count(1)
})

test('a half-written line is given when its end comes, and only once', async () => {
  write(TODAY, `${line('whole')}{"mess`)
  await begin()
  write(TODAY, 'age":"half')
  await pause(300)
  expect(seen()).toEqual([])
  write(TODAY, `"}\n${line('next')}`)
  await follower.count(2)
  expect(seen()).toEqual(['half', 'next'])
})

test('a last line without end that was read already is not given again', async () => {
  write(TODAY, line('a') + line('b').trimEnd())
  await begin()
  write(TODAY, `\n${line('c')}`)
  await follower.count(1)
  expect(seen()).toEqual(['c'])
})

test('renamed: what is still written to the old file is read, and the new one from its beginning', async () => {
  write(TODAY, line('a'))
  await begin()
  write(TODAY, line('b'))
  renameSync(join(folder, TODAY), join(folder, `${TODAY}.1`))
  write(`${TODAY}.1`, line('c'))
  await follower.count(2)
  write(TODAY, line('d'))
  await follower.count(3)
  writeFileSync(join(folder, `${TODAY}.1.gz`), gzipSync(line('a') + line('b') + line('c')))
  rmSync(join(folder, `${TODAY}.1`))
  write(TODAY, line('e'))
  await follower.count(4)
  await pause(250)
  expect(seen()).toEqual(['b', 'c', 'd', 'e'])
})

test('copied and truncated: the copy is not read again, what comes then is', async () => {
  write(TODAY, line('a'))
  await begin()
  write(TODAY, line('b') + line('c'))
  await follower.count(2)
  copyFileSync(join(folder, TODAY), join(folder, `${TODAY}.1`))
  truncateSync(join(folder, TODAY))
  await pause(300)
  write(TODAY, line('d'))
  await follower.count(3)
  await pause(250)
  expect(seen()).toEqual(['b', 'c', 'd'])
})

test('a new day, errors beside it, and a late line of the day before', async () => {
  write(TODAY, line('a'))
  await begin()
  write('2025-01-12.log', line('b'))
  write('errors-2025-01-12.log', line('b'))
  await follower.count(1)
  write(TODAY, line('late'))
  await follower.count(2)
  await pause(250)
  expect(seen()).toEqual(['b', 'late'])
  const sequences = follower.found.map(({ sequence }) => sequence)
  expect(new Set(sequences).size).toBe(2)
})
