// `| status >= 500 and method="GET"`: keeps or drops entries by their labels.
import { compileRegex } from '../../record/regex.js'
import type { ComparisonOp, LabelFilter, LabelFilterStage, Matcher } from '../ast.js'
import type { Entry, RunStage } from '../entry.js'
import { ERROR } from '../entry.js'
import { parseBytes } from '../go/bytes.js'
import { parseDurationSeconds } from '../go/duration.js'
import { parseFloat64 } from '../go/number.js'
import type { Unreadable } from '../go/number.js'
import { containedText } from '../label-regex.js'
import { compileIp } from '../lines/ip.js'
import { type CompileStage, pattern, refuse } from './stage.js'

export const compileLabelFilter: CompileStage<LabelFilterStage> = (stage) => compile(stage, stage.filter)

function compile(stage: LabelFilterStage, filter: LabelFilter): RunStage {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return both(filter.kind, compile(stage, filter.left), compile(stage, filter.right))
    case 'matcher':
      return textFilter(stage, filter)
    case 'ip':
      return ipFilter(stage, filter)
    case 'number':
      return amountFilter(filter, parseFloat64)
    case 'duration':
      return amountFilter(filter, parseDurationSeconds)
    case 'bytes':
      return amountFilter(filter, parseBytes)
  }
}

function both(kind: 'and' | 'or', left: RunStage, right: RunStage): RunStage {
  return kind === 'and' ? (entry) => left(entry) && right(entry) : (entry) => left(entry) || right(entry)
}

function textFilter(stage: LabelFilterStage, { name, op, value }: Matcher): RunStage {
  const test = pattern(stage, () => textTest(op, value))
  const keeps = op === '=' || op === '=~'
  return (entry) => test(entry.get(name)) === keeps
}

/** Also what decides which labels `drop` and `keep` mean. */
export function textTest(op: Matcher['op'], value: string): (text: string) => boolean {
  if (op === '=' || op === '!=') return (text) => text === value
  const regex = containedText(value) ?? compileRegex(value, { whole: true })
  return (text) => regex.test(text)
}

function ipFilter(stage: LabelFilterStage, filter: LabelFilter & { kind: 'ip' }): RunStage {
  const test = compileIp(filter.value) ?? refuse(stage, `ip: invalid pattern "${filter.value}"`)
  const keeps = filter.op === '='
  return (entry) => entry.has(ERROR) || (entry.has(filter.name) && test(entry.get(filter.name)) === keeps)
}

const COMPARE: Readonly<Record<ComparisonOp, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
}

/** A label that is missing lets the entry fall; one that cannot be read keeps it, with an error. */
function amountFilter(
  { name, op, value }: LabelFilter & { kind: 'number' | 'duration' | 'bytes' },
  read: (text: string) => number | Unreadable,
): RunStage {
  const compare = COMPARE[op]
  return (entry: Entry) => {
    if (!entry.has(name)) return false
    const amount = read(entry.get(name))
    if (typeof amount === 'number') return compare(amount, value)
    entry.fail('LabelFilterErr', amount.reason)
    return true
  }
}
