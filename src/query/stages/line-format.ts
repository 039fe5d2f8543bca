// `| line_format "{{.method}} {{.path}}"`: writes the line anew from a template.
import type { LineFormat } from '../ast.js'
import { compileTemplate } from '../template/template.js'
import { type CompileStage, refuse } from './stage.js'

export const compileLineFormat: CompileStage<LineFormat> = (stage, { nowMs }) => {
  const template = compileTemplate('line', stage.template)
  if ('reason' in template) return refuse(stage, template.reason)
  return (entry) => {
    const made = template.run({ labels: entry, entry, nowMs })
    if (typeof made === 'string') entry.line = made
    else entry.fail('TemplateFormatErr', made.reason)
    return true
  }
}
