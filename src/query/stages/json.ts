// `| json` and `| json name="path"`: labels from a line that is a JSON object.
import type { JsonParser } from '../ast.js'
import { findPaths, pathTree, readJsonPath } from '../lines/json-path.js'
import { jsonWalk } from '../lines/json-walk.js'
import { type KeyName, keyNameOf, targetName } from '../lines/key-names.js'
import { type CompileStage, type Demand, refuse } from './stage.js'
import type { RunStage } from '../entry.js'

export const compileJson: CompileStage<JsonParser> = (stage, demand) => {
  if (stage.extract.length > 0) return compilePaths(stage, demand)
  const walk = jsonWalk(demand.labels, demand.errors)
  return (entry) => {
    const wrong = walk.run(entry)
    if (wrong !== undefined) entry.fail('JSONParserErr', wrong)
    return true
  }
}

function compilePaths(stage: JsonParser, demand: Demand): RunStage {
  const paths = stage.extract.map(({ expression }) => {
    const path = readJsonPath(expression)
    return 'reason' in path ? refuse(stage, path.reason) : path
  })
  const tree = pathTree(paths)
  const keys = stage.extract.map(({ name }) => keyNameOf(name, demand.labels))
  return (entry) => {
    if (entry.line === '') return true
    if (!/^[{["]/.test(entry.line)) {
      entry.fail('JSONParserErr', '')
      return true
    }
    const found = new Set<number>()
    findPaths(entry.line, tree, (i, text) => {
      const name = targetName(entry, keys[i] as KeyName)
      found.add(i)
      if (name !== undefined) entry.set(name, text)
    })
    // A path without a value is an empty label, unless somebody gave it one.
    for (const [i, { name }] of stage.extract.entries())
      if (!found.has(i) && !entry.has(name)) entry.set(name, '')
    return true
  }
}
