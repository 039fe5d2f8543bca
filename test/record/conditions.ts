// Conditions in few words, for tests.
import type { Condition, LabelCondition, LineCondition, TextCondition } from '#logctl/record/scan-request.js'

export const label = (name: string, op: LabelCondition['op'], value: string): Condition => ({
  kind: 'label',
  name,
  op,
  value,
})
export const line = (op: LineCondition['op'], ...values: string[]): Condition => ({
  kind: 'line',
  op,
  values,
})
export const text = (pattern: string, how: Partial<TextCondition> = {}): Condition => ({
  kind: 'text',
  pattern,
  literal: false,
  ignoreCase: false,
  invert: false,
  ...how,
})
