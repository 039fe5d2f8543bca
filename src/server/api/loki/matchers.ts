// Reads the selectors that Loki's answers about streams take: matchers without a pipeline.
import { fail } from '../../../errors.js'
import { parse } from '../../../query/parse.js'
import { requireSelective } from '../../../query/require-selective.js'
import type { LabelCondition } from '../../../record/scan-request.js'

/** Of `{app="web"}`; nothing, and `{}`, select every stream. Throws QUERY_INVALID. */
export function matchersOf(text: string | null): LabelCondition[] {
  return text === null || text.trim() === '' ? [] : read(text, false)
}

/** The same where Loki demands a matcher that a missing label fails. */
export function selectiveMatchers(text: string | null): LabelCondition[] {
  return read(text ?? '', true)
}

function read(text: string, selective: boolean): LabelCondition[] {
  const query = parse(text)
  // Loki's words.
  if (query.kind !== 'log' || query.stages.length > 0)
    return fail('QUERY_INVALID', 'only label matchers are supported')
  if (selective) requireSelective(query)
  return query.matchers.map(({ name, op, value }) => ({ kind: 'label', name, op, value }))
}
