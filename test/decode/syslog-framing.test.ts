// Syslog's two framings on one stream: wherever the network cuts the bytes, the messages are the same.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { syslogFramer, syslogFrames } from '#logctl/decode/syslog-framing.js'

const texts = (stream: string, limit = 1000): [string, number][] =>
  syslogFrames(Buffer.from(stream), limit).map(({ bytes, length }) => [bytes.toString(), length])

describe('syslogFrames', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['\n\r\n\0', []],
    ['<13>a\n<13>b', ['<13>a', '<13>b']],
    ['<13>a\0<13>b\0', ['<13>a', '<13>b']],
    ['5 <13>a5 <13>b', ['<13>a', '<13>b']],
    ['6 <13>a\n\n<13>b\n5 <13>c', ['<13>a\n', '<13>b', '<13>c']],
    ['9 <13>a\nb\0c', ['<13>a\nb\0c']],
    ['2025 is a year\n7 days\n12 <b>\n', ['2025 is a year', '7 days', '12 <b>']],
    ['05 <13>a\n', ['05 <13>a']],
    ['123456789 <13>a\n', ['123456789 <13>a']],
    ['1', ['1']],
    ['12 <1', ['12 <1']],
  ])('%j', (stream, expected) => expect(texts(stream).map(([text]) => text)).toEqual(expected))

  it('cuts at the limit, passes over the rest, and says how long the message was', () => {
    expect(texts('<13>0123456789\n<13>b\n', 8)).toEqual([
      ['<13>0123', 14],
      ['<13>b', 5],
    ])
    expect(texts('14 <13>01234567895 <13>b', 8)).toEqual([
      ['<13>0123', 14],
      ['<13>b', 5],
    ])
  })

  it('keeps what came of a message whose end never came', () => {
    expect(texts('99 <13>abc')).toEqual([['<13>abc', 99]])
  })
})

describe('syslogFramer', () => {
  const message = fc
    .string({ unit: fc.constantFrom('a', ' ', '1', '<', '>', 'é', '\t'), maxLength: 30 })
    .map((text) => `<13>x${text}`)
  const framed = fc.tuple(message, fc.constantFrom('count', '\n', '\0', '\r\n')).map(([text, end]) => ({
    text,
    bytes: end === 'count' ? `${Buffer.byteLength(text)} ${text}` : `${text}${end}`,
  }))

  it('gives the same messages wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(framed, { maxLength: 8 }), fc.array(fc.nat(40)), (messages, cuts) => {
        const stream = Buffer.from(messages.map(({ bytes }) => bytes).join(''))
        const framer = syslogFramer(1000)
        const found: string[] = []
        let at = 0
        for (const size of [...cuts, stream.length]) {
          const piece = Buffer.from(stream.subarray(at, at + size))
          found.push(...framer.push(piece).map(({ bytes }) => bytes.toString()))
          // What was given may be used again for other bytes.
          piece.fill(0x7e)
          at += size
        }
        found.push(...framer.end().map(({ bytes }) => bytes.toString()))
        expect(found.map((text) => text.replace(/\r$/, ''))).toEqual(messages.map(({ text }) => text))
        expect(framer.held).toBe(0)
      }),
    )
  })

  it('holds no more than the limit, however long the message', () => {
    const framer = syslogFramer(100)
    for (let n = 0; n < 1000; n++) expect(framer.push(Buffer.from('x'.repeat(50)))).toEqual([])
    expect(framer.held).toBe(100)
    expect(framer.push(Buffer.from('\n')).map(({ length }) => length)).toEqual([50_000])
    expect(framer.held).toBe(0)
  })
})
