// Fills the templates of files for machines: `<%= name %>` and nothing else. Lists and choices are made by whoever
// gives the values, so that a template stays readable as the file that it becomes.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const PLACE = /<%=\s*([a-z][a-z0-9_]*)\s*%>/g

/** The folder of the templates, beside the program. */
export const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url))

export type Values = Readonly<Record<string, string>>

/** Reads the template of that path under `templates/` and fills it. */
export async function renderTemplate(path: string, values: Values): Promise<string> {
  return render(await readFile(`${TEMPLATES}${path}`, 'utf8'), values, path)
}

/**
 * Throws an Error where a variable of the template has no value, a value no place, or where a delimiter is left:
 * each is a mistake of the program, not of its user.
 */
export function render(template: string, values: Values, name: string): string {
  const used = new Set<string>()
  const text = template.replace(PLACE, (_, key: string) => {
    used.add(key)
    return valueOf(values, key, name)
  })
  const left = /<%(?!=\s*[a-z][a-z0-9_]*\s*%>)/.exec(template)
  if (left)
    throw new Error(
      `the template ${name} has a place that is none: ${template.slice(left.index).slice(0, 40)}`,
    )
  const unused = Object.keys(values).filter((key) => !used.has(key))
  if (unused.length > 0) throw new Error(`the template ${name} has no place for ${unused.join(', ')}`)
  return text
}

function valueOf(values: Values, key: string, name: string): string {
  const value = Object.hasOwn(values, key) ? values[key] : undefined
  if (value === undefined) throw new Error(`the template ${name} wants ${key}, which has no value`)
  return value
}
