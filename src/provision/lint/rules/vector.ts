// Vector: agents and aggregators, in TOML or YAML.
import { format, type LintFile } from '../format.js'
import { readToml } from '../readers/toml.js'
import { readYaml } from '../readers/yaml.js'
import { vectorConfig } from './vector-components.js'
import { FLOW_RULES } from './vector-flow.js'
import { KEY_RULES } from './vector-keys.js'
import { SAFETY_RULES } from './vector-safety.js'

/** Tables are TOML's alone; a YAML file begins a line with a bare key. */
const TOML = /^\s*\[+\s*(?:sources|transforms|sinks|api|secret|enrichment_tables)\b/m
const YAML = /^(?:sources|transforms|sinks):/m

function isToml({ path, text }: LintFile): boolean {
  return /\.toml$/i.test(path) || (TOML.test(text) && !YAML.test(text))
}

export const vector = format({
  kind: 'vector',
  claims: ({ path, text }) =>
    TOML.test(text) || YAML.test(text) || /(?:^|[/.-])vector[^/]*\.(?:toml|ya?ml)$/i.test(path),
  read: (file) => vectorConfig(isToml(file) ? readToml(file) : readYaml(file), file.text),
  rules: [...KEY_RULES, ...FLOW_RULES, ...SAFETY_RULES],
})
