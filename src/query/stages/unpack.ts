// `| unpack`: takes back apart what the pack stage of Promtail and Alloy made, a JSON object of labels and `_entry`.
import type { Unpack } from '../ast.js'
import type { Entry } from '../entry.js'
import { stringMembers } from '../lines/json-members.js'
import { keyNames, targetName } from '../lines/key-names.js'
import type { CompileStage } from './stage.js'

const ENTRY = '_entry'

export const compileUnpack: CompileStage<Unpack> = (_stage, demand) => {
  const nameOf = keyNames(demand.labels)
  return (entry) => {
    if (entry.line === '') return true
    const members = stringMembers(entry.line)
    if (!members.object) entry.fail('JSONParserErr', 'expecting json object(6), but it is not')
    else if (members.wrong !== undefined) entry.fail('JSONParserErr', members.wrong)
    else unpack(entry, members.pairs, nameOf)
    return true
  }
}

/** Without `_entry` it was never packed, and stays as it is. */
function unpack(
  entry: Entry,
  pairs: readonly (readonly [string, string])[],
  nameOf: ReturnType<typeof keyNames>,
): void {
  const line = pairs.find(([key]) => key === ENTRY)
  if (!line) return
  for (const [key, text] of pairs) {
    if (key === ENTRY) continue
    const known = nameOf(key)
    const name = known.name === '' ? undefined : targetName(entry, known)
    if (name !== undefined) entry.extract(name, text)
  }
  entry.line = line[1]
}
