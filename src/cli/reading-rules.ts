// By which rules lines of plain files become records: those of the server's JSON door.
import type { Config } from '../config/schema.js'
import { decodeRules } from '../server/decode-rules.js'
import type { ReadingRules } from '../store/files/index.js'

/** Where the configuration leaves it to the machine: as long as the largest body of all. Bytes. */
const LONGEST_LINE = 100 * 2 ** 20

export function readingRules(config: Config): ReadingRules {
  const { body } = config.limits
  return { ...decodeRules(config), lineBytes: body === 'auto' ? LONGEST_LINE : body }
}
