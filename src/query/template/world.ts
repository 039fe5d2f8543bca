// What a template can see: one entry and a clock.
import type { Entry } from '../entry.js'
import type { TemplateLabels } from './value.js'

export interface World {
  readonly labels: TemplateLabels
  /** Its line and time, as `__line__` and `__timestamp__`. */
  readonly entry: Pick<Entry, 'line' | 'timestamp'>
  readonly nowMs: () => number
}
