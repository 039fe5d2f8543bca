// The queue before the engine: its order, its end, and who leaves it.
import { expect, test } from 'vitest'
import { queryQueue } from '#logctl/server/query-queue.js'

const never = new AbortController().signal

/** Work that is done when released. */
function held() {
  const released = new AbortController()
  const work = () =>
    new Promise<void>((resolve) => {
      released.signal.addEventListener('abort', () => resolve())
    })
  return { work, release: () => released.abort() }
}

test('so many run, so many wait in order, the next is refused', async () => {
  const queue = queryQueue({ running: 1, waiting: 2 })
  const first = held()
  const done: string[] = []
  const note = (name: string) => () => Promise.resolve(void done.push(name))
  const running = queue.run(first.work, never)
  const waiting = [queue.run(note('b'), never), queue.run(note('c'), never)]
  await expect(queue.run(note('d'), never)).rejects.toMatchObject({ code: 'RATE_LIMITED', http: 429 })
  expect(done).toEqual([])
  first.release()
  await Promise.all([running, ...waiting])
  expect(done).toEqual(['b', 'c'])
  await queue.run(note('e'), never)
  expect(done).toEqual(['b', 'c', 'e'])
})

test('who gives up leaves room, and work that fails gives its place back', async () => {
  const queue = queryQueue({ running: 1, waiting: 1 })
  const first = held()
  const running = queue.run(first.work, never)
  const gone = new AbortController()
  const left = queue.run(() => Promise.resolve('never'), gone.signal)
  gone.abort()
  await expect(left).rejects.toMatchObject({ code: 'INTERRUPTED' })
  await expect(queue.run(() => Promise.resolve(), AbortSignal.abort())).rejects.toMatchObject({
    code: 'INTERRUPTED',
  })
  const failing = queue.run(() => Promise.reject(new Error('broken')), never)
  first.release()
  await running
  await expect(failing).rejects.toThrow('broken')
  expect(await queue.run(() => Promise.resolve('next'), never)).toBe('next')
})
