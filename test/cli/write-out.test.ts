// Writing keeps to its reader's pace, and ends quietly or loudly as the stream does.
import { PassThrough, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { ReaderGone, writeOut } from '#logctl/cli/write-out.js'

test('it waits until the reader has taken what was written', async () => {
  const stream = new PassThrough({ highWaterMark: 4 })
  let written = false
  const writing = writeOut(stream)
    .write('more than four bytes')
    .then(() => (written = true))
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(written).toBe(false)
  expect(String(stream.read())).toBe('more than four bytes')
  await writing
  expect(written).toBe(true)
})

function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`write ${code}`), { code })),
  })
}

test('a reader that is gone is told apart from a disk that is full', async () => {
  const gone = writeOut(failing('EPIPE'))
  await gone.write('a').catch(() => {})
  await new Promise((resolve) => setImmediate(resolve))
  await expect(gone.write('b')).rejects.toBeInstanceOf(ReaderGone)
  const full = writeOut(failing('ENOSPC'))
  await full.write('a').catch(() => {})
  await new Promise((resolve) => setImmediate(resolve))
  await expect(full.write('b')).rejects.toMatchObject({ code: 'OUTPUT_FAILED', exit: 3 })
})

test('a failure ends the wait for a reader', async () => {
  const stuck = new Writable({ highWaterMark: 1, write: () => {} })
  const writing = writeOut(stuck).write('ab')
  stuck.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await expect(writing).rejects.toBeInstanceOf(ReaderGone)
})
