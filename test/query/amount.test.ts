// Amounts: what numbers, durations and sizes of a query are, and which texts are none.
import { expect, test } from 'vitest'
import { readAmount, readRange } from '#logctl/query/amount.js'

test.each([
  ['0', 0],
  ['017', 17],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['1E-3', 0.001],
  ['0x1p3', 8],
  ['0X1.8P1', 3],
  ['0xff.8p-4', 15.96875],
])('%s is a number', (text, value) => {
  expect(readAmount(text)).toEqual({ kind: 'number', value })
})

test.each([
  ['0s', 0n],
  ['250ms', 250_000_000n],
  ['1.5s', 1_500_000_000n],
  ['0.29s', 290_000_000n],
  ['.1h', 360_000_000_000n],
  ['1h15m30.918273645s', 4_530_918_273_645n],
  ['1m1h', 3_660_000_000_000n],
  ['3us', 3000n],
  ['3µs', 3000n],
  ['3μs', 3000n],
  ['7ns', 7n],
  ['1.9ns', 1n],
  ['1d', 86_400_000_000_000n],
  ['1w2d', 777_600_000_000_000n],
  ['1y', 31_536_000_000_000_000n],
  ['292y', 9_208_512_000_000_000_000n],
])('%s is a duration', (text, ns) => {
  expect(readAmount(text)).toEqual({ kind: 'duration', value: Number(ns) / 1e9, ns })
})

test.each([
  ['0B', 0],
  ['12B', 12],
  ['1kB', 1000],
  ['1KB', 1000],
  ['1KiB', 1024],
  ['1.5MB', 1_500_000],
  ['2MiB', 2_097_152],
  ['.5GB', 500_000_000],
  ['1GiB', 2 ** 30],
  ['1TB', 1e12],
  ['1TiB', 2 ** 40],
  ['1PB', 1e15],
  ['1PiB', 2 ** 50],
  ['1.9B', 1],
])('%s is a size', (text, value) => {
  expect(readAmount(text)).toEqual({ kind: 'bytes', value })
})

const NONE =
  '. 1e 1e999 0x1A 0o17 0b1 1_000 x 1.2.3 0xp1 -1 5minutes 1.5d 1h1d 1d1d 293y s 5M 5S 1mb 1kb 1kiB 1b 1EB 1K 1Ki 99999999PB'

test.each(['', '1 s', ...NONE.split(' ')])('"%s" is none', (text) => {
  expect(readAmount(text)).toBeUndefined()
})

test.each([
  ['5m', 300_000_000_000n],
  ['1h30m', 5_400_000_000_000n],
  ['1y2w3d4h5m6s7ms', 33_019_506_007_000_000n],
  ['0', 0n],
])('[%s] is a range', (text, ns) => {
  expect(readRange(text)).toEqual({ text, ns })
})

test.each(['', '5', '1.5h', '1m1h', '5us', '5B', ' 5m', '-5m', '293y'])('[%s] is no range', (text) => {
  expect(readRange(text)).toBeUndefined()
})
