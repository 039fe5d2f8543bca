// How a query that was not understood is reported: the place, what stood there, and what could have.
import { fail } from '../errors.js'
import type { Position } from './ast.js'

/** Throws QUERY_INVALID. `problem` is such as `unexpected "}", expected a string`. */
export function syntaxError({ line, column }: Position, problem: string, hint: string): never {
  return fail('QUERY_INVALID', `parse error at line ${line}, col ${column}: ${problem}`, { hints: [hint] })
}
