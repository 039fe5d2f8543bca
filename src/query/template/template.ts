// Templates of `line_format` and `label_format`: Go's text/template with Loki's functions (Loki's documentation,
// "Template functions"). They see the labels and line of one entry and nothing else, and what they cost is bounded.
import { execute } from './execute.js'
import { TemplateSyntax } from './lex.js'
import { parseTemplate } from './parse.js'
import type { Node, Pipe, Tree, Word } from './tree.js'
import { TemplateFailure } from './value.js'
import type { World } from './world.js'

export type { TemplateLabels } from './value.js'

export interface Template {
  /** The text, or why there is none for this entry. */
  run(world: World): string | { readonly reason: string }
}

/** `name` is what messages call it. */
export function compileTemplate(name: string, source: string): Template | { readonly reason: string } {
  const tree = parsed(source)
  if (tree instanceof TemplateSyntax) {
    const line = source.slice(0, tree.at).split('\n').length
    return { reason: `template: ${name}:${line}: ${tree.message}` }
  }
  return {
    run: (world) => {
      try {
        return execute(tree, name, source, world)
      } catch (thrown) {
        if (thrown instanceof TemplateFailure) return { reason: thrown.message }
        throw thrown
      }
    },
  }
}

function parsed(source: string): Tree | TemplateSyntax {
  try {
    return parseTemplate(source)
  } catch (thrown) {
    if (thrown instanceof TemplateSyntax) return thrown
    throw thrown
  }
}

/** The labels that a template may read; undefined where it may be any. Nothing for a text that is no template. */
export function templateLabels(source: string): readonly string[] | undefined {
  const tree = parsed(source)
  if (tree instanceof TemplateSyntax) return []
  const names: string[] = []
  const all = [...tree.body, ...[...tree.named.values()].flat()]
  return all.every((node) => readByNode(node, names)) ? names : undefined
}

/** False where all labels may be read. */
function readByNode(node: Node, names: string[]): boolean {
  if (node.kind === 'template') return node.pipe === undefined || readByPipe(node.pipe, names)
  if (node.kind === 'action') return readByPipe(node.pipe, names)
  if (!('body' in node)) return true
  return (
    readByPipe(node.pipe, names) &&
    [...node.body, ...node.otherwise].every((inner) => readByNode(inner, names))
  )
}

function readByPipe(pipe: Pipe, names: string[]): boolean {
  return pipe.commands.every(({ words }) => words.every((word) => readByWord(word, names)))
}

function readByWord(word: Word, names: string[]): boolean {
  if (word.kind === 'pipe') return readByPipe(word.pipe, names)
  if (word.kind === 'dot') return false
  if (word.kind !== 'field' && word.kind !== 'variable') return true
  // A variable may hold the labels themselves, as `$` does.
  const [name] = word.names
  if (name !== undefined) names.push(name)
  return name !== undefined || word.kind === 'field' || word.name !== '$'
}
