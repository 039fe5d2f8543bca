// Numbers that a double cannot hold as they are spelled (integers beyond 2^53, long decimals, 1e400) stay the
// text they were sent as. `JSON.parse` loses them, so such numbers are marked as texts before it sees them.

/** No text has it once it is repaired, so it cannot be mistaken. */
const MARK = '\0'
const MARKED_IN_JSON = /"\\u0000(-?\d[\d.eE+-]*)"/g
const STRING_OR_NUMBER = /"(?:[^"\\]+|\\[^])*"|-?\d[\d.eE+-]*/g
const ESCAPE = /\\(?:u0000|[^])/g
const DECIMAL = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/
/** A longer number is text without a closer look. */
const LONGEST_DECIMAL = 400

/** A double's shortest text has 15 digits at most where every spelling of so many digits comes back exactly. */
const SURE_CHARS = 16
const LONG_FRACTION = /\.\d{15}/

/** Whether a number that `JSON.parse` gave may have been spelled with more than it holds; `raw` is the whole event. */
export function mayBeInexact(value: number, raw: string): boolean {
  if (!Number.isFinite(value) || Number.isInteger(value)) return true
  return String(value).length > SURE_CHARS || LONG_FRACTION.test(raw)
}

/** What `JSON.parse` gives for good JSON, except that numbers a double cannot hold are texts behind a mark. */
export function parseExactly(raw: string): unknown {
  return JSON.parse(
    raw.replace(STRING_OR_NUMBER, (token) => {
      if (token.startsWith('"')) return token.includes('\\u0000') ? withoutNul(token) : token
      return holds(token) ? token : `"\\u0000${token}"`
    }),
  )
}

/** A text from `parseExactly` as it was sent. */
export function withoutMark(text: string): string {
  return text.startsWith(MARK) ? text.slice(MARK.length) : text
}

/** JSON text made from what `parseExactly` gave, with the numbers as they were sent. */
export function jsonWithoutMarks(json: string): string {
  return json.replace(MARKED_IN_JSON, '$1')
}

function withoutNul(token: string): string {
  return token.replace(ESCAPE, (escape) => (escape === '\\u0000' ? '\\ufffd' : escape))
}

function holds(spelled: string): boolean {
  if (spelled.length > LONGEST_DECIMAL) return false
  const value = Number(spelled)
  return Number.isFinite(value) && decimalOf(spelled) === decimalOf(String(value))
}

/** Digits without the zeros at both ends, and the power of ten of the last one: equal for equal values. */
function decimalOf(text: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = digits.replace(/0+$/, '')
  if (significant === '') return '0'
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`
}
