// Characters as word filters know them: which of them make pieces of three, and of which kind each is.

/** By byte of UTF-8: its number from 1 up among ASCII letters (in lower case), digits and `_`, or 0: it parts pieces. */
export const PIECE_NUMBER = new Uint8Array(256)
for (const [i, char] of [...'abcdefghijklmnopqrstuvwxyz0123456789_'].entries()) {
  PIECE_NUMBER[char.charCodeAt(0)] = i + 1
  PIECE_NUMBER[char.toUpperCase().charCodeAt(0)] = i + 1
}
/** The numbers there are, with 0. */
export const PIECE_NUMBERS = 38

export const BEYOND_ASCII = 64
/** By byte of UTF-8, a bit: a–f, other letters, digits, `_`, space, other ASCII, and the rest. */
export const KIND_BIT = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) KIND_BIT[byte] = kindBit(byte)

function kindBit(byte: number): number {
  if (byte > 127) return BEYOND_ASCII
  const char = String.fromCharCode(byte)
  if (/[a-f]/i.test(char)) return 1
  if (/[g-z]/i.test(char)) return 2
  if (/\d/.test(char)) return 4
  if (char === '_') return 8
  return char === ' ' ? 16 : 32
}
