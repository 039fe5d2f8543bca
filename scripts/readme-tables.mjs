// README's tables are made from what the built program says of itself, so that they cannot drift apart.
// Each stands between `<!-- table: NAME -->` and `<!-- end -->`; what is written between them by hand is lost.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Config } from '@oclif/core/config'
import { format, resolveConfig } from 'prettier'

/** @typedef {{ kind: string, help: string, labels?: readonly string[] }} Metric */
/** @typedef {{ key: string, about: string, fallback: unknown }} Setting */

/**
 * The README with every table made anew. Throws where a marker names no table.
 * @param {string} text @param {string} root The repository, built.
 */
export async function withTables(text, root) {
  const tables = await makeTables(root)
  const filled = text.replaceAll(
    /<!-- table: (\S+) -->[^]*?<!-- end -->/g,
    (_, /** @type {string} */ name) => {
      const table = tables[name]
      if (!table)
        throw new Error(`README asks for the table "${name}"; there are ${Object.keys(tables).join(', ')}`)
      return `<!-- table: ${name} -->\n\n${table}\n\n<!-- end -->`
    },
  )
  const file = path.join(root, 'README.md')
  return format(filled, { ...(await resolveConfig(file)), filepath: file })
}

/** @param {string} root @returns {Promise<Record<string, string>>} */
async function makeTables(root) {
  const { FAILURES } = await built(root, 'errors.js')
  const { METRICS } = await built(root, 'server/metrics.js')
  const { SETTINGS } = await built(root, 'config/settings.js')
  return {
    commands: markdown(['command', 'does'], await commandRows(root)),
    failures: markdown(
      ['code', 'exit', 'HTTP', 'means'],
      Object.entries(FAILURES).map(([code, { exit, http, title }]) => [
        `\`${code}\``,
        `${exit}`,
        `${http}`,
        title,
      ]),
    ),
    metrics: markdown(
      ['metric', 'kind', 'labels', 'is'],
      Object.entries(METRICS).map(([name, metric]) => metricRow(name, /** @type {Metric} */ (metric))),
    ),
    settings: markdown(
      ['key', 'default', 'is'],
      [...SETTINGS.values()].map((/** @type {Setting} */ { key, fallback, about }) => [
        `\`${key}\``,
        fallback === undefined
          ? ''
          : `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``,
        about.replace(/\.$/, ''),
      ]),
    ),
  }
}

/** @param {string} name @param {Metric} metric */
function metricRow(name, { kind, help, labels = [] }) {
  return [`\`${name}\``, kind, labels.map((label) => `\`${label}\``).join(' '), help]
}

/** The commands that people see, with their arguments, in the order of their names. @param {string} root */
async function commandRows(root) {
  const config = await Config.load({ root })
  return config.commands
    .filter((command) => !command.hidden && command.pluginName === config.name)
    .map((command) => {
      const args = Object.values(command.args).map((arg) => (arg.required ? arg.name : `[${arg.name}]`))
      const call = [command.id.replaceAll(':', ' '), ...args.map((arg) => arg.toUpperCase())].join(' ')
      return [`\`${call}\``, command.summary ?? '']
    })
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
}

/** @param {string} root @param {string} file Under dist. */
async function built(root, file) {
  const where = path.join(root, 'dist', file)
  if (!existsSync(where)) throw new Error(`${where} is missing: npm run build`)
  return import(pathToFileURL(where).href)
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function markdown(head, rows) {
  return [tableLine(head), tableLine(head.map(() => '---')), ...rows.map((row) => tableLine(row))].join('\n')
}

/** @param {readonly string[]} cells */
function tableLine(cells) {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
}
