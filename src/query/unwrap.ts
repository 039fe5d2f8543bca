// `| unwrap duration(took)`: the number of an entry that a metric query counts with.
import type { Unwrap, UnwrapConversion } from './ast.js'
import type { Entry } from './entry.js'
import { parseBytes } from './go/bytes.js'
import { parseDurationSeconds } from './go/duration.js'
import { parseFloat64 } from './go/number.js'
import type { Unreadable } from './go/number.js'
import { compileStages, filterLabels } from './stages/index.js'

const CONVERT: Readonly<Record<UnwrapConversion, (text: string) => number | Unreadable>> = {
  bytes: parseBytes,
  duration: parseDurationSeconds,
  duration_seconds: parseDurationSeconds,
}

/**
 * The number (seconds, bytes); undefined where the entry gives no sample, because the label is missing or empty or a
 * filter behind the unwrap lets it fall. What cannot be read is 0, with the error SampleExtractionErr on the entry.
 * The label stays: whether a series has it is a matter of its grouping.
 */
export function compileUnwrap(unwrap: Unwrap): (entry: Entry) => number | undefined {
  const read = unwrap.conversion === undefined ? parseFloat64 : CONVERT[unwrap.conversion]
  const keeps = compileStages(unwrap.filters)
  return (entry) => {
    const text = entry.get(unwrap.name)
    if (text === '') return undefined
    const value = read(text)
    if (typeof value !== 'number') entry.fail('SampleExtractionErr', value.reason)
    if (!keeps(entry)) return undefined
    return typeof value === 'number' ? value : 0
  }
}

/** The labels that it reads, for a caller that tells the stages before it what is needed. */
export function unwrapLabels({ name, filters }: Unwrap): string[] {
  return [name, ...filters.flatMap(({ filter }) => filterLabels(filter))]
}
