// Texts measured and cut in bytes of UTF-8, as Go does; the halves of a character that is cut become U+FFFD.

// oxlint-disable-next-line no-control-regex -- the range of ASCII, in which bytes are characters
const ASCII = /^[\x00-\x7f]*$/

export function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}

export function sliceBytes(text: string, from: number, to: number): string {
  return ASCII.test(text) ? text.slice(from, to) : Buffer.from(text).subarray(from, to).toString('utf8')
}
