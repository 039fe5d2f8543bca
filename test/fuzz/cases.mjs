// The inputs under test/cases, as good bodies to begin with.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const CASES = join(import.meta.dirname, '..', 'cases')
/** Longer ones would take all the time. */
const MOST_BYTES = 8192

/** The inputs of a folder of cases. @param {string} folder @param {string} [ending] @returns {Buffer[]} */
export function casesOf(folder, ending = '.in') {
  return readdirSync(join(CASES, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(CASES, folder, name)))
    .filter((content) => content.length <= MOST_BYTES)
}
