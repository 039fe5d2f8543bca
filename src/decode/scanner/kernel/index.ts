// The scanner: `scan` reads a piece of NDJSON, `print` writes its lines as the hot log keeps them and counts them for
// one segment. AssemblyScript, because a line that JavaScript parses, normalises and indexes costs ten times as much.
import { forgetStreams, resetGroups } from './groups'
import { resetKeys } from './keys'
import { forgetShapes } from './print'
import { forgetSegment } from './tally'
import { forgetValues } from './values'

export {
  COLUMN_KINDS,
  COLUMN_RECORDS,
  COLUMN_TYPES,
  COUNTS,
  COUNT_LIST,
  DAYS,
  INPUT,
  INPUT_BYTES,
  KIND_BIT,
  LEVEL_NAMES,
  LEVEL_WORDS,
  LINES,
  MAX_DAYS,
  MAX_KEYS,
  OUTPUT,
  PIECES,
  PIECE_BITS,
  PIECE_BITS_BYTES,
  PIECE_BYTE,
  SHAPES_USED,
  TOKENS,
  TOUCHED,
  WORD_BYTE,
} from './memory'
export { consumed, limit, lineCount, lineNumber, scan } from './scan'
export { output, print, printAt, stopped } from './print'
export { countCount, dayCount, longestPrinted, openTally, touchedCount } from './tally'
export { keyCount } from './keys'
export { groupCount, keepStart, textEnd } from './groups'
export { emptyWords, holdsZero, setPlace, setSize, touched, wordCount } from './words'

/** Forgets every key and group: what was scanned before has to be scanned again. */
export function reset(): void {
  resetKeys()
  resetGroups()
  openSegment()
}

/** The lines that are printed next belong to another segment. */
export function openSegment(): void {
  forgetStreams()
  forgetShapes()
  forgetValues()
  forgetSegment()
}
