// The judge of every store and filter: conditions read word by word from their definition, with RE2 itself and
// no short cuts.
import { RE2JS } from 're2js'
import { readNumber } from '#logctl/record/number-text.js'
import type { LogRecord } from '#logctl/record/record.js'
import type { Condition, LabelCondition, ScanRequest } from '#logctl/record/scan-request.js'

export function fulfils(
  record: LogRecord,
  { tenants, where }: Pick<ScanRequest, 'tenants' | 'where'>,
): boolean {
  if (tenants && !tenants.some((tenant) => tenant === record.tenant)) return false
  return where.every((condition) => holds(condition, record))
}

function holds(condition: Condition, record: LogRecord): boolean {
  switch (condition.kind) {
    case 'level':
      return condition.anyOf.some((level) => level === record.level)
    case 'label':
      return labelHolds(condition, valueOf(record, condition.name))
    case 'line': {
      const found = condition.values.filter((value) =>
        condition.op === '|=' || condition.op === '!='
          ? record.line.indexOf(value) >= 0
          : RE2JS.compile(value).matcher(record.line).find(),
      )
      return condition.op.startsWith('|') ? found.length > 0 : found.length === 0
    }
    case 'any':
      return condition.of.some((one) => holds(one, record))
    case 'field':
      if (condition.missing === 'kept' && !entryOf(record).has(condition.name)) return true
      return labelHolds(condition, entryOf(record).get(condition.name) ?? '')
    case 'number': {
      const text = entryOf(record).get(condition.name)
      if (condition.missing === 'kept' && text === undefined) return true
      const found = text === undefined ? undefined : readNumber(text, condition.reading)
      if (found === undefined) return text !== undefined && condition.unreadable === 'kept'
      const { value } = condition
      const answers = {
        '==': found === value,
        '!=': found !== value,
        '>': found > value,
        '>=': found >= value,
        '<': found < value,
        '<=': found <= value,
      }
      return answers[condition.op]
    }
    case 'text': {
      const texts = [record.line, ...Object.values(record.fields).map((value) => `${value}`)]
      if (condition.literal && !condition.ignoreCase)
        return texts.some((text) => text.indexOf(condition.pattern) >= 0) !== condition.invert
      const source = condition.literal ? RE2JS.quote(condition.pattern) : condition.pattern
      const regex = RE2JS.compile(condition.ignoreCase ? `(?i)${source}` : source)
      const found = texts.filter((text) => regex.matcher(text).find())
      return condition.invert ? found.length === 0 : found.length > 0
    }
  }
}

/** By name, what LogQL's label filters see of a record. */
export function entryOf({ labels, level, fields }: LogRecord): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(fields).map(([name, value]) => [name, `${value}`] as const),
    ['detected_level', level],
    ...Object.entries(labels),
  ])
}

function labelHolds({ op, value }: Pick<LabelCondition, 'op' | 'value'>, found: string): boolean {
  if (op === '=') return found === value
  if (op === '!=') return found !== value
  return RE2JS.compile(`^(?s:${value})$`).matcher(found).find() === (op === '=~')
}

export function valueOf({ labels, tenant, level }: LogRecord, name: string): string {
  const fallbacks: Record<string, string> = { tenant, level }
  if (name === 'detected_level') return level
  const all = new Map([...Object.entries(fallbacks), ...Object.entries(labels)])
  return all.get(name) ?? ''
}
