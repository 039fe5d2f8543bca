// Rows as CSV (RFC 4180), but with bare newlines as line ends, as programs of Unix expect.

/** Ends with a newline. What is missing is an empty cell; an empty text stands in quotes. */
export function csvLine(cells: readonly (string | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}

function csvCell(text: string | undefined): string {
  if (text === undefined) return ''
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
