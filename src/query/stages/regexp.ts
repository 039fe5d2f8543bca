// `| regexp "(?P<ip>\S+)"`: labels from the named groups of a regular expression.
import { compileGroups } from '../../record/regex-groups.js'
import type { TextParser } from '../ast.js'
import { type KeyName, keyNameOf, targetName } from '../lines/key-names.js'
import { type CompileStage, pattern, refuse } from './stage.js'

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

export const compileRegexp: CompileStage<TextParser> = (stage, demand) => {
  const regex = pattern(stage, () => compileGroups(stage.pattern))
  const keys: { readonly group: number; readonly key: KeyName }[] = []
  for (const [group, name] of regex.names.entries()) {
    if (name === undefined) continue
    if (!LABEL_NAME.test(name)) return refuse(stage, `invalid extracted label name '${name}'`)
    if (keys.some(({ key }) => key.name === name))
      return refuse(stage, `duplicate extracted label name '${name}'`)
    keys.push({ group, key: keyNameOf(name, demand.labels) })
  }
  if (keys.length === 0) return refuse(stage, 'at least one named capture must be supplied')
  return (entry) => {
    const match = regex.find(entry.line)
    if (!match) return true
    for (const { group, key } of keys) {
      const name = targetName(entry, key)
      if (name !== undefined) entry.extract(name, match[group] ?? '')
    }
    return true
  }
}
