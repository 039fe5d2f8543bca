// Rule files of Loki's ruler: alerts that never fire, always fire, or are no rules at all.
import { LogctlError } from '../../../errors.js'
import type { Query } from '../../../query/ast.js'
import { parse } from '../../../query/parse.js'
import type { Remark } from '../finding.js'
import { format, type Rule } from '../format.js'
import { readYaml } from '../readers/yaml.js'
import { type Entry, entryAt, itemsOf, textAt, textOf, type Tree, valueAt } from '../tree.js'

interface Expression {
  readonly entry: Entry
  readonly text: string
  /** Undefined where it is not understood. */
  readonly query: Query | undefined
  readonly problem: string | undefined
}

interface RuleFile {
  readonly root: Tree
  readonly expressions: readonly Expression[]
}

function expressionsIn(root: Tree): Expression[] {
  const rules = itemsOf(valueAt(root, 'groups')).flatMap((group) => itemsOf(valueAt(group, 'rules')))
  return rules.flatMap((rule) => {
    const entry = entryAt(rule, 'expr')
    return entry ? [{ entry, text: textOf(entry.value), ...understood(textOf(entry.value)) }] : []
  })
}

function understood(text: string): Pick<Expression, 'query' | 'problem'> {
  try {
    return { query: parse(text), problem: undefined }
  } catch (error) {
    if (error instanceof LogctlError) return { query: undefined, problem: error.message }
    throw error
  }
}

function* retentionFile({ root }: RuleFile): Generator<Remark> {
  const [first] = itemsOf(root)
  if (root.kind === 'list' && first && entryAt(first, 'match') && entryAt(first, 'retention'))
    yield {
      at: first.at,
      says: 'Loki has no such file: it is ignored, and everything is kept by limits_config.retention_period',
      instead:
        'limits_config.retention_stream: [{selector: \'{service="web"}\', priority: 1, period: 90d}] in Loki’s own file',
    }
}

function* notUnderstood({ expressions }: RuleFile): Generator<Remark> {
  for (const { entry, problem } of expressions)
    if (problem !== undefined)
      yield {
        at: entry.at,
        says: `the expression is not understood: ${problem}`,
        instead: 'try it with `logctl fmt`',
      }
}

function* lines({ expressions }: RuleFile): Generator<Remark> {
  for (const { entry, query, text } of expressions)
    if (query?.kind === 'log')
      yield {
        at: entry.at,
        says: 'a rule wants a number and this gives lines: it loads, then fails at every evaluation',
        instead: `sum by (service) (count_over_time(${text.trim()} [5m])) > 0`,
      }
}

function* perSecond({ expressions }: RuleFile): Generator<Remark> {
  for (const { entry, text, query } of expressions)
    if (query && /^\s*rate\s*\(/.test(text) && />=?\s*[\d.]+\s*$/.test(text))
      yield {
        at: entry.at,
        says: 'rate counts per second, and here for each stream alone: the threshold is 60 times what a minute would say',
        instead: 'sum by (service) (count_over_time({…} [1m])) > N, for N lines a minute of a service',
      }
}

function* sharedAbsence({ expressions }: RuleFile): Generator<Remark> {
  for (const { entry, text } of expressions)
    if (/absent_over_time\s*\(\s*\{[^}]*=~/.test(text))
      yield {
        at: entry.at,
        says: 'this fires only when all that match are silent, and its result has none of their labels',
        instead: 'one rule for each, with = in place of =~',
      }
}

function* noJob({ expressions }: RuleFile): Generator<Remark> {
  for (const { entry, text } of expressions)
    if (/\{[^}]*\bjob\s*=\s*"docker"/.test(text))
      yield {
        at: entry.at,
        says: 'discovery of Docker containers sets no label job: without a relabel rule of yours this matches nothing',
        instead: 'select on what discovery sets through relabelling: {service=~".+"} or {container=~".+"}',
      }
}

function* noExpression({ root }: RuleFile): Generator<Remark> {
  for (const group of itemsOf(valueAt(root, 'groups')))
    for (const rule of itemsOf(valueAt(group, 'rules')))
      if (textAt(rule, 'expr') === '')
        yield {
          at: rule.at,
          says: 'a rule without expr: Loki refuses the file',
          instead: 'expr: a LogQL query that gives a number',
        }
}

const RULES: readonly Rule<RuleFile>[] = [
  { name: 'retention-file', severity: 'error', about: 'retention in a file of its own', find: retentionFile },
  { name: 'no-expression', severity: 'error', about: 'rules without a query', find: noExpression },
  { name: 'query-invalid', severity: 'error', about: 'queries that are not understood', find: notUnderstood },
  { name: 'lines-not-numbers', severity: 'error', about: 'queries that give lines', find: lines },
  {
    name: 'per-second',
    severity: 'warning',
    about: 'thresholds of a rate per stream and second',
    find: perSecond,
  },
  { name: 'shared-absence', severity: 'warning', about: 'absence of many at once', find: sharedAbsence },
  { name: 'no-job', severity: 'warning', about: 'a label that nobody sets', find: noJob },
]

export const lokiRules = format({
  kind: 'loki-rules',
  claims: ({ text }) =>
    (/^groups:/m.test(text) && /\bexpr:/.test(text)) || /^-\s+match:[^]*?^\s+retention:/m.test(text),
  read: (file): RuleFile => {
    const root = readYaml(file)
    return { root, expressions: expressionsIn(root) }
  },
  rules: RULES,
})
