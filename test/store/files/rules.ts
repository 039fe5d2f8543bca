// By which rules the tests of plain files read: those of the server by default.
import type { ReadingRules } from '#logctl/store/files/index.js'
import { type Given, contextOf, MIB } from '../../decode/given.js'

export function rulesOf(given: Given = {}): ReadingRules {
  const { labelKeys, limits } = contextOf(given)
  return { labelKeys, limits, lineBytes: 100 * MIB }
}
