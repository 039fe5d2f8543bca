// `| label_format dst=src, other="{{.template}}"`: renames labels and writes them from templates.
import type { LabelAssignment, LabelFormat } from '../ast.js'
import type { Entry } from '../entry.js'
import { ERROR } from '../entry.js'
import { type Template, type TemplateLabels, compileTemplate } from '../template/template.js'
import { type CompileStage, refuse } from './stage.js'

type Step =
  { readonly name: string; readonly from: string } | { readonly name: string; readonly template: Template }

export const compileLabelFormat: CompileStage<LabelFormat> = (stage, { nowMs }) => {
  const names = new Set<string>()
  const steps = stage.assignments.map((assignment): Step => {
    const { name } = assignment
    if (name === ERROR) return refuse(stage, `${ERROR} cannot be formatted`)
    if (names.has(name))
      return refuse(stage, `multiple label name '${name}' not allowed in a single format operation`)
    names.add(name)
    return stepOf(stage, assignment)
  })
  const oneTemplate = steps.filter((step) => 'template' in step).length < 2
  return (entry) => {
    let labels: TemplateLabels | undefined
    for (const step of steps) {
      if ('from' in step) rename(entry, step.from, step.name)
      else {
        // All templates of a stage see the labels as the first of them did.
        labels ??= oneTemplate ? entry : snapshot(entry)
        const made = step.template.run({ labels, entry, nowMs })
        if (typeof made === 'string') entry.set(step.name, made)
        else entry.fail('TemplateFormatErr', made.reason)
      }
    }
    return true
  }
}

function stepOf(stage: LabelFormat, assignment: LabelAssignment): Step {
  const { name } = assignment
  if (assignment.kind === 'rename') return { name, from: assignment.from }
  const template = compileTemplate('label', assignment.template)
  return 'reason' in template ? refuse(stage, template.reason) : { name, template }
}

function rename(entry: Entry, from: string, to: string): void {
  if (!entry.has(from) || from === to) return
  entry.set(to, entry.get(from))
  entry.delete(from)
}

function snapshot(entry: Entry): TemplateLabels {
  const labels = new Map<string, string>()
  for (const name of entry.names()) labels.set(name, entry.get(name))
  return { get: (name) => labels.get(name) ?? '', names: () => labels.keys() }
}
