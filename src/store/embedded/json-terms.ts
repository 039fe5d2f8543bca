// Which rows hold lines that are JSON objects, as SQL: those that are stored as a shape of one, without a look at the
// line. Other lines that begin as an object are judged in JavaScript.
import { jsonLine } from '../../record/json-line.js'
import { sqlName } from './duck.js'
import type { PartSide } from './part.js'
import { kindsOf } from './pieces.js'
import type { Shape } from './shape.js'
import { type Terms, and, or } from './terms.js'

const WHITE = `concat(' ', chr(9), chr(10), chr(13))`
/** What is before `!` may be white space. */
const BEGINS_AS_OBJECT = or([
  `starts_with(_line, '{')`,
  `(_line < '!' AND starts_with(ltrim(_line, ${WHITE}), '{'))`,
])

export function jsonTerms(side: PartSide): Terms {
  if (side.shapes.length === 0) return { may: BEGINS_AS_OBJECT, sure: 'false' }
  const sure = side.shapes.flatMap((shape, number) => {
    const quoted = quotedTerms(shape, side)
    return isObject(shape) && quoted !== undefined ? [{ number, quoted }] : []
  })
  const terms = new Set(sure.map(({ quoted }) => quoted))
  return {
    may: or(['_shape IS NOT NULL', BEGINS_AS_OBJECT]),
    sure:
      sure.length === side.shapes.length && terms.size === 1
        ? and(['_shape IS NOT NULL', ...terms])
        : or(sure.map(({ number, quoted }) => and([`_shape = ${number}`, quoted]))),
  }
}

/** The text that it is with any values: those in quotes hold none, as `quotedTerms` asks for. */
function isObject(shape: Shape): boolean {
  const line = shape.map((part) => {
    if (typeof part === 'string') return part
    return 'epoch' in part || ('field' in part && !part.quoted) ? '1' : 'x'
  })
  return jsonLine(line.join('')) === 'object'
}

/** That no value in quotes has a quote; undefined where it may stand outside of the columns. */
function quotedTerms(shape: Shape, { columns, streams }: PartSide): string | undefined {
  const terms: string[] = []
  for (const part of shape) {
    if (typeof part === 'string' || 'time' in part || 'epoch' in part) continue
    if ('label' in part) {
      if (streams.some(({ labels }) => labels[part.label]?.includes('"'))) return undefined
    } else if (part.quoted) {
      const column = columns.find(({ name, class: of }) => name === part.field && of === 'field')
      if (!column) return undefined
      if (column.kinds === undefined || (column.kinds & kindsOf('"')) !== 0)
        terms.push(`NOT contains(${sqlName(column.name)}::VARCHAR, '"')`)
    }
  }
  return and(terms)
}
