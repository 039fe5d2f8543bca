// Texts that stand in the bytes of every line whose record can match, so that a search at memory speed throws away
// the lines without parsing them. JSON may spell a text otherwise (`\u00e9`, `\/`, `1e3`, `[1, 2]`): a needle is a
// piece that no number and no structure can hold, and lines with those escapes are always parsed.
import { needlesOf } from '../../record/condition.js'
import type { Condition } from '../../record/scan-request.js'

/** What JSON's structure or a repair may put between or into what was sent. */
const BETWEEN = /[,:{}[\]\ufffd]/
const ONLY_NUMBER = /^[\d.eE+-]*$/
/** Labels whose value the reader may have made up. */
const DERIVED_NAMES = new Set(['level', 'detected_level'])
const DERIVED_VALUES = new Set(['none', 'access', 'unknown_service'])

/** The escapes by which JSON can hide any text. */
export const HIDING = [Buffer.from('\\u'), Buffer.from('\\/')] as const

/** The longest such text; undefined where every line must be parsed. */
export function rawNeedle(where: readonly Condition[]): Buffer | undefined {
  const texts = where.flatMap((condition) => {
    if (condition.kind === 'line' || condition.kind === 'text') return needlesOf([condition])
    const isSent = condition.kind === 'label' && condition.op === '=' && !DERIVED_NAMES.has(condition.name)
    return isSent && !DERIVED_VALUES.has(condition.value) ? [condition.value] : []
  })
  const pieces = texts
    .filter((text) => JSON.stringify(text) === `"${text}"`)
    .flatMap((text) => text.split(BETWEEN))
    .filter((piece) => !ONLY_NUMBER.test(piece))
  const longest = pieces.reduce((a, b) => (b.length > a.length ? b : a), '')
  return longest === '' ? undefined : Buffer.from(longest)
}
