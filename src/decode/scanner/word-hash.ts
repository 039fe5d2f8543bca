// Words, as searches and word filters know them: a word is a run of ASCII letters, digits, `_` and bytes from 0x80 up,
// with ASCII letters in lower case, and is known by its FNV-1a hash of 32 bits.

export const FNV_OFFSET = 0x811c9dc5
export const FNV_PRIME = 0x01000193

/** By byte of UTF-8: the byte to hash, or 0 where it ends a word. */
export const WORD_BYTE = new Uint8Array(256)
for (let byte = 0; byte < 256; byte++) {
  const char = String.fromCharCode(byte)
  if (byte > 127) WORD_BYTE[byte] = byte
  else if (/[A-Za-z0-9_]/.test(char)) WORD_BYTE[byte] = char.toLowerCase().charCodeAt(0)
}

/** The hash of one word of ASCII. */
export function wordHash(word: string): number {
  let hash = FNV_OFFSET
  for (const char of word) hash = Math.imul(hash ^ char.charCodeAt(0), FNV_PRIME)
  return hash >>> 0
}
