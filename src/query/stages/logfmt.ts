// `| logfmt` and `| logfmt name="key"`: labels from a line of `key=value` pairs.
import type { LogfmtParser } from '../ast.js'
import type { RunStage } from '../entry.js'
import { type KeyName, keyNameOf, keyNames, targetName, withoutReplacements } from '../lines/key-names.js'
import { readPairs } from '../lines/logfmt-pairs.js'
import { type CompileStage, type Demand, refuse } from './stage.js'

export const compileLogfmt: CompileStage<LogfmtParser> = (stage, demand) => {
  if (stage.extract.length > 0) return compileKeys(stage, demand)
  const { strict, keepEmpty } = stage
  const nameOf = keyNames(demand.labels)
  const needed = demand.errors ? undefined : demand.labels
  return (entry) => {
    let left = Infinity
    if (needed) {
      left = 0
      for (const name of needed) if (!entry.isSent(name)) left++
      if (left === 0) return true
    }
    const wrong = readPairs(entry.line, strict, (key, value = '') => {
      if (value === '' && !keepEmpty) return true
      const known = nameOf(key)
      const name = known.name === '' ? undefined : targetName(entry, known)
      if (name === undefined) return true
      if (needed && !entry.has(name)) left--
      entry.extract(name, withoutReplacements(value))
      return left > 0
    })
    if (wrong !== undefined) entry.fail('LogfmtParserErr', wrong)
    return true
  }
}

/** What a key of an expression may be made of. */
const KEY = /^[^\s"=]+$/

function compileKeys(stage: LogfmtParser, demand: Demand): RunStage {
  const byKey = new Map<string, KeyName[]>()
  for (const { name, expression } of stage.extract) {
    const key = expression.trim()
    if (!KEY.test(key)) refuse(stage, `cannot parse expression [${expression}]: syntax error: unexpected KEY`)
    byKey.set(key, [...(byKey.get(key) ?? []), keyNameOf(name, demand.labels)])
  }
  return (entry) => {
    const seen = new Set<string>()
    const wrong = readPairs(entry.line, stage.strict, (key, value = '') => {
      const keys = byKey.get(key)
      if (!keys || seen.has(key)) return true
      seen.add(key)
      if (value === '' && !stage.keepEmpty) return true
      for (const known of keys) {
        const name = targetName(entry, known)
        if (name !== undefined) entry.set(name, value.includes('\ufffd') ? '' : value)
      }
      return true
    })
    if (wrong !== undefined) entry.fail('LogfmtParserErr', wrong)
    for (const { name } of stage.extract) if (!entry.has(name)) entry.set(name, '')
    return true
  }
}
