// Repair and cutting of text.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { openAccount } from '#logctl/decode/account.js'
import { cutText, isLongerThan, repairText, withoutControls } from '#logctl/decode/text.js'
import { contextOf } from './given.js'

it('repairs NUL and lone surrogates only, and notes it', () => {
  const account = openAccount(contextOf())
  expect(repairText(account, 'fine \u0001 😀 é')).toBe('fine \u0001 😀 é')
  expect(account.textRepaired).toBe(false)
  expect(repairText(account, '\0 \ud83d \ude00 \ud83d\ude00')).toBe('\ufffd \ufffd \ufffd \ud83d\ude00')
  expect(account.textRepaired).toBe(true)
})

it('replaces control characters', () => {
  expect(withoutControls('a\nb\x7fc\x85d ../é')).toBe('a\ufffdb\ufffdc\ufffdd ../é')
})

it('cuts at the last whole character that fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, bytes) => {
      const cut = cutText(text, bytes)
      expect(text.startsWith(cut)).toBe(true)
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes)
      expect(isLongerThan(text, bytes)).toBe(Buffer.byteLength(text) > bytes)
      const next = String.fromCodePoint(text.codePointAt(cut.length) ?? 0)
      if (cut !== text) expect(Buffer.byteLength(cut + next)).toBeGreaterThan(bytes)
    }),
  )
})
