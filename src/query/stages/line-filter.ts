// `|=`, `!=`, `|~`, `!~`, `|>` and `!>`: keeps or drops lines by their text.
import { compileRegex } from '../../record/regex.js'
import type { LineFilter, LineFilterValue } from '../ast.js'
import { matches, readPattern } from '../lines/capture-pattern.js'
import { compileIp } from '../lines/ip.js'
import { type CompileStage, pattern, refuse } from './stage.js'

type TestLine = (line: string) => boolean

export const compileLineFilter: CompileStage<LineFilter> = (stage) => {
  const tests = stage.values.map((value) => testOf(stage, value))
  const keeps = stage.op.startsWith('|')
  const [first] = tests
  if (tests.length === 1 && first) return ({ line }) => first(line) === keeps
  return ({ line }) => tests.some((test) => test(line)) === keeps
}

function testOf(stage: LineFilter, value: LineFilterValue): TestLine {
  if (value.ip) return ipTest(stage, value.text)
  const { text } = value
  if (stage.op === '|=' || stage.op === '!=') return (line) => line.includes(text)
  if (stage.op === '|~' || stage.op === '!~') {
    const regex = pattern(stage, () => compileRegex(text))
    return (line) => regex.test(line)
  }
  const parts = readPattern(text)
  if ('reason' in parts) return refuse(stage, parts.reason)
  if (parts.some((part) => 'name' in part && part.name !== undefined))
    return refuse(stage, 'named captures are not allowed')
  return (line) => matches(parts, line)
}

function ipTest(stage: LineFilter, text: string): TestLine {
  if (stage.op !== '|=' && stage.op !== '!=') return refuse(stage, 'ip: invalid operation')
  return compileIp(text) ?? refuse(stage, `ip: invalid pattern "${text}"`)
}
