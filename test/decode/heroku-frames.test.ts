// Frames of a drain: every byte of a body belongs to one frame or is a count or a line end, whatever the counts say.
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { forEachFrame } from '#logctl/decode/heroku-frames.js'

function framesOf(body: string): { frames: string[]; recovered: number } {
  const bytes = Buffer.from(body)
  const frames: string[] = []
  const recovered = forEachFrame(bytes, (start, end) => frames.push(bytes.toString('utf8', start, end)))
  return { frames, recovered }
}

const word = fc.constantFrom('a', '12', '\n', ' ', '<1>1 x', 'é', '9 <', '\r\n')
const message = fc
  .array(word, { maxLength: 6 })
  .map((words) => `<190>1 t host app web.1 - ${words.join('')}x\n`)

test('frames with true counts come back whole, whatever they hold', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), (messages) => {
      const body = messages.map((text) => `${Buffer.byteLength(text)} ${text}`).join('')
      expect(framesOf(body)).toEqual({ frames: messages, recovered: 0 })
    }),
    { numRuns: 500 },
  )
})

test('with counts that are wrong, one-line messages come back whole', () => {
  const line = fc.array(fc.constantFrom('a', ' ', 'é', '<'), { maxLength: 8 })
  const framed = fc.tuple(line, fc.constantFrom(0, -1, -2, -3, 10_000))
  fc.assert(
    fc.property(fc.array(framed, { maxLength: 6 }), (given) => {
      const messages = given.map(([words]) => `<190>1 t host app web.1 - ${words.join('')}x\n`)
      const body = messages.map((text, i) => `${Buffer.byteLength(text) + (given[i]?.[1] ?? 0)} ${text}`)
      const { frames: found } = framesOf(body.join(''))
      expect(found.map((frame) => frame.trimEnd())).toEqual(messages.map((text) => text.trimEnd()))
    }),
    { numRuns: 500 },
  )
})

test('a body of nothing but line ends has no frame, and many counts before them take no time', () => {
  expect(framesOf('\r\n\n\n')).toEqual({ frames: [], recovered: 0 })
  const hostile = '99 <1>1 x\n'.repeat(20_000) + '\n'.repeat(2_000_000) + 'x'
  const startedMs = performance.now()
  framesOf(hostile)
  expect(performance.now() - startedMs).toBeLessThan(10_000)
})
