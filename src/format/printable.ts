// Makes text from outside harmless for a terminal: what would move the cursor, ring, recolour, retitle or turn
// the order of characters around is shown as an escape. Text that goes into a pipe stays as it is.

/**
 * C0 without tab and newline, DEL, C1 (8-bit escape sequences), and the marks that reorder text
 * (Unicode "Bidi_Control").
 */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const DRIVING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

const NAMED: Readonly<Record<string, string>> = { '\r': '\\r', '\u001b': '\\e', '\u0007': '\\a', '\b': '\\b' }

/** The text with every driving character written out: `\e[31m`, `\r`, `\x85`, `\u202e`. */
export function printable(text: string): string {
  return text.replace(DRIVING, (char) => NAMED[char] ?? numbered(char.charCodeAt(0)))
}

/** As `printable`, and on one line: what stands in a cell of a table or in a heading. */
export function printableCell(text: string): string {
  return printable(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}

function numbered(code: number): string {
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`
}
