// `label_replace(v, "dst", "$1", "src", "(.*):.*")`: a label made from the groups of another one's value.
import { compileGroups } from '../record/regex-groups.js'
import type { Match } from '../record/regex-groups.js'
import type { LabelReplace } from './ast.js'
import type { Sample, SampleLabels } from './sample.js'
import { withLabels } from './sample.js'

/** Series whose source does not match as a whole stay as they are. Throws PATTERN_INVALID. */
export function labelReplace(node: LabelReplace): (samples: readonly Sample[]) => readonly Sample[] {
  const { destination, source } = node
  const regex = compileGroups(`^(?:${node.pattern})$`)
  const expand = expander(node.replacement, regex.names)
  const known = new Map<string, SampleLabels>()

  function replaced(of: SampleLabels): SampleLabels {
    const match = regex.find(Object.hasOwn(of.labels, source) ? (of.labels[source] ?? '') : '')
    return match ? withLabels(of.labels, { [destination]: expand(match) }) : of
  }

  return (samples) =>
    samples.map(({ of, value }) => {
      let changed = known.get(of.key)
      if (changed === undefined) known.set(of.key, (changed = replaced(of)))
      return { of: changed, value }
    })
}

const REFERENCE = /\$(?:\$|(\w+)|\{(\w+)\})/g

/** `$1`, `${1}`, `$name` and `${name}` stand for groups, `$$` for a dollar (Go `regexp.Expand`). */
function expander(template: string, names: readonly (string | undefined)[]): (match: Match) => string {
  const numberOf = (name: string): number => (/^\d+$/.test(name) ? Number(name) : names.indexOf(name))
  return (match) =>
    template.replace(REFERENCE, (_, bare: string | undefined, braced: string | undefined) => {
      const name = bare ?? braced
      return name === undefined ? '$' : (match[numberOf(name)] ?? '')
    })
}
