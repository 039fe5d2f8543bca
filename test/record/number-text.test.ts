// Texts as numbers: what Go's strconv and time and the humanize package make of them.
import { expect, test } from 'vitest'
import { bytesOf, floatOf, secondsOf } from '#logctl/record/number-text.js'

test.each([
  ['12', 12],
  ['-0.5', -0.5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['+7', 7],
  ['inf', Infinity],
  ['-Infinity', -Infinity],
  ['NaN', Number.NaN],
  ['+nan', undefined],
  ['1e999', undefined],
  ['', undefined],
  [' 1', undefined],
  ['0x10', undefined],
  ['1_000', undefined],
  ['12ms', undefined],
])('the number %j is %j', (text, value) => expect(floatOf(text)).toEqual(value))

test.each([
  ['0', 0],
  ['1.5s', 1.5],
  ['250ms', 0.25],
  ['1h2m3.5s', 3723.5],
  ['-2m', -120],
  ['3\u00b5s', 3e-6],
  ['3us', 3e-6],
  ['1d', undefined],
  ['5', undefined],
  ['', undefined],
  ['s', undefined],
  ['1 s', undefined],
  ['3000000h', undefined],
])('the duration %j is %j seconds', (text, value) => expect(secondsOf(text)).toEqual(value))

test.each([
  ['5', 5],
  ['5KB', 5000],
  ['5 kib', 5120],
  ['1.5MiB', 1_572_864],
  ['1,024', 1024],
  ['2g', 2e9],
  ['-5', undefined],
  ['5x', undefined],
  ['KB', undefined],
])('the size %j is %j bytes', (text, value) => expect(bytesOf(text)).toEqual(value))
