// Reads Go's text/template into a tree: actions, if, else, range, with, break, continue, define, block, template,
// variables, pipelines. Everything that runs is a function of the table; there are no methods to call.
import { type Piece, TemplateSyntax, type Token, pieces } from './lex.js'
import { PipeReader } from './parse-pipe.js'
import type { Node, Pipe, Tree } from './tree.js'

/** Longest template, in UTF-16 units. */
const LENGTH = 32_768

/** Actions inside each other. */
const DEPTH = 50

/** Throws TemplateSyntax. */
export function parseTemplate(text: string): Tree {
  if (text.length > LENGTH) throw new TemplateSyntax(`template is longer than ${LENGTH}`, 0)
  const reader = new TemplateReader(text, pieces(text))
  const body = reader.list([])
  return { body: body.nodes, named: reader.named }
}

interface List {
  readonly nodes: readonly Node[]
  /** The action that ended it: `end`, or `else` with what follows; absent at the end of the text. */
  readonly end: readonly Token[]
}

class TemplateReader {
  readonly named = new Map<string, readonly Node[]>()
  #next = 0
  #depth = 0
  #loops = 0
  /** Names in scope. */
  #variables: string[] = ['$']

  constructor(
    readonly text: string,
    readonly found: readonly Piece[],
  ) {}

  /** Reads to an `end` or one of the other words; the words open the stop of an outer action. */
  list(stops: readonly string[]): List {
    const nodes: Node[] = []
    for (;;) {
      const piece = this.found[this.#next++]
      if (!piece) {
        if (stops.length > 0) throw new TemplateSyntax('unexpected EOF', this.text.length)
        return { nodes, end: [] }
      }
      if (piece.kind === 'text') {
        nodes.push(piece)
        continue
      }
      const [first] = piece.tokens
      if (first?.kind === 'word' && stops.includes(first.text)) return { nodes, end: piece.tokens }
      nodes.push(...this.#action(piece.tokens))
    }
  }

  #action(tokens: readonly Token[]): Node[] {
    const [first, ...rest] = tokens as [Token, ...Token[]]
    if (first.kind !== 'word') return [this.#output(tokens)]
    switch (first.text) {
      case 'if':
      case 'with':
      case 'range':
        return [this.#branch(first.text, rest, first)]
      case 'define':
        this.#define(rest, first)
        return []
      case 'block':
        return [this.#block(rest, first)]
      case 'template':
        return [this.#template(rest, first)]
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw new TemplateSyntax(`{{${first.text}}} outside {{range}}`, first.at)
        this.#nothing(rest)
        return [{ kind: first.text }]
      case 'end':
      case 'else':
        throw new TemplateSyntax(`unexpected {{${first.text}}}`, first.at)
      default:
        return [this.#output(tokens)]
    }
  }

  #output(tokens: readonly Token[]): Node {
    return { kind: 'action', pipe: this.#pipe(tokens, 'command') }
  }

  #pipe(tokens: readonly Token[], context: string): Pipe {
    return new PipeReader(this.text, tokens, this.#variables).read(context)
  }

  #branch(kind: 'if' | 'with' | 'range', tokens: readonly Token[], first: Token): Node {
    if (++this.#depth > DEPTH) throw new TemplateSyntax('actions are nested too deep', first.at)
    const scope = this.#variables.length
    const pipe = this.#pipe(tokens, kind)
    if (kind === 'range') this.#loops++
    const body = this.list(['else', 'end'])
    if (kind === 'range') this.#loops--
    const otherwise = this.#otherwise(kind, body.end)
    this.#variables = this.#variables.slice(0, scope)
    this.#depth--
    return { kind, pipe, body: body.nodes, otherwise }
  }

  /** `{{else}}`, or `{{else if …}}`, which takes the one `{{end}}` for itself. */
  #otherwise(kind: string, end: readonly Token[]): readonly Node[] {
    const [stop, ...rest] = end as [Token, ...Token[]]
    if (stop.text === 'end') {
      this.#nothing(rest)
      return []
    }
    const [word, ...more] = rest
    if (word?.kind === 'word' && word.text === kind && kind !== 'range')
      return [this.#branch(word.text as 'if' | 'with', more, word)]
    this.#nothing(rest)
    const list = this.list(['else', 'end'])
    const [last, ...behind] = list.end as [Token, ...Token[]]
    if (last.text === 'else') throw new TemplateSyntax('expected end; found {{else}}', last.at)
    this.#nothing(behind)
    return list.nodes
  }

  #define(tokens: readonly Token[], first: Token): void {
    if (this.#depth > 0) throw new TemplateSyntax('unexpected {{define}}', first.at)
    const [name, ...rest] = tokens
    if (name?.kind !== 'string') throw new TemplateSyntax('missing name in define clause', first.at)
    this.#nothing(rest)
    this.named.set(name.value, this.#separate())
  }

  #block(tokens: readonly Token[], first: Token): Node {
    const node = this.#template(tokens, first)
    this.named.set(node.name, this.#separate())
    return node
  }

  /** The body of a named template sees no variables and no loop of what is around it. */
  #separate(): readonly Node[] {
    const [variables, loops] = [this.#variables, this.#loops]
    this.#variables = ['$']
    this.#loops = 0
    this.#depth++
    if (this.#depth > DEPTH) throw new TemplateSyntax('actions are nested too deep', 0)
    const list = this.list(['end'])
    this.#nothing(list.end.slice(1))
    this.#depth--
    this.#variables = variables
    this.#loops = loops
    return list.nodes
  }

  #template(tokens: readonly Token[], first: Token): Node & { kind: 'template' } {
    const [name, ...rest] = tokens
    if (name?.kind !== 'string') throw new TemplateSyntax('missing name in template clause', first.at)
    const pipe = rest.length > 0 ? this.#pipe(rest, 'template clause') : undefined
    return { kind: 'template', name: name.value, pipe, at: first.at }
  }

  #nothing(tokens: readonly Token[]): void {
    const [first] = tokens
    if (first) throw new TemplateSyntax(`unexpected <${first.text}>`, first.at)
  }
}
