// How a query that was not understood is reported: the place, what stood there, and what could have.
import { fail } from '../errors.js'
import type { Position } from './ast.js'

/** Throws QUERY_INVALID. `problem` is such as `syntax error: unexpected }, expecting a string`. */
export function queryError({ line, column }: Position, problem: string, ...hints: string[]): never {
  return fail('QUERY_INVALID', `parse error at line ${line}, col ${column}: ${problem}`, { hints })
}
