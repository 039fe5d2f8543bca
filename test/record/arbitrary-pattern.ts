// Random regular expressions, of all that RE2 has, and whether they are valid.
import * as fc from 'fast-check'
import { RE2JS } from 're2js'

const ATOMS = [
  'a|b|k|S|é|😀| |err|.|^|$|[a-c]|[^k]|[k-s]|[^ſ]|[]a]|[^^-]|()'.split('|'),
  [
    '\\.',
    '\\d',
    '\\w',
    '\\s',
    '\\D',
    '\\W',
    '\\S',
    '\\n',
    '\\b',
    '[^\\d]',
    '[\\w-]',
    '(a|ab)',
    '(?:er|error)',
    '(|b)',
  ],
].flat()
const QUANTIFIERS = ['', '', '', '?', '{2}', '{0,2}', '{1,3}', '*', '+', '*?', '{2,}', '{1}', '??']
const element = fc
  .tuple(fc.constantFrom(...ATOMS), fc.constantFrom(...QUANTIFIERS))
  .map((pair) => pair.join(''))
const sequence = fc.array(element, { maxLength: 4 }).map((parts) => parts.join(''))
/** Not all of them are valid. */
export const arbitraryPattern = fc
  .tuple(fc.constantFrom('', '', '(?i)', '(?s)'), fc.array(sequence, { minLength: 1, maxLength: 3 }))
  .map(([flag, options]) => flag + options.join('|'))

export function isValid(pattern: string): boolean {
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    return false
  }
}
