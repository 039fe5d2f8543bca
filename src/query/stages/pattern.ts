// `| pattern "<ip> - <_> [<time>]"`: labels from the parts of a line between literal texts.
import type { TextParser } from '../ast.js'
import { capture, readPattern } from '../lines/capture-pattern.js'
import { type KeyName, keyNameOf, targetName } from '../lines/key-names.js'
import { type CompileStage, refuse } from './stage.js'

export const compilePattern: CompileStage<TextParser> = (stage, demand) => {
  const parts = readPattern(stage.pattern)
  if ('reason' in parts) return refuse(stage, parts.reason)
  const keys: (KeyName | undefined)[] = []
  const names = new Set<string>()
  for (const part of parts) {
    const name = 'name' in part ? part.name : undefined
    if (name !== undefined && names.has(name))
      return refuse(stage, `duplicate capture name (${name}) in pattern`)
    if (name !== undefined) names.add(name)
    keys.push(name === undefined ? undefined : keyNameOf(name, demand.labels))
  }
  if (names.size === 0) return refuse(stage, 'at least one capture is required')
  return (entry) => {
    capture(parts, entry.line, (i, text) => {
      const key = keys[i]
      const name = key && targetName(entry, key)
      if (name !== undefined) entry.extract(name, text)
    })
    return true
  }
}
