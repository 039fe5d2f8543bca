// Runs the tree of a template for one entry, with the rules and the error texts of Go's text/template.
import { Budget } from './budget.js'
import { Evaluator } from './evaluate.js'
import type { Node, Pipe, Tree } from './tree.js'
import { Dot, TemplateFailure, type Value, dotEntries, isTrue, show, typeName } from './value.js'
import type { World } from './world.js'
import { isTime } from '../go/time.js'

/** What a body asks of the loop around it. */
type Flow = 'break' | 'continue' | undefined

/** Throws TemplateFailure. */
export function execute(tree: Tree, name: string, source: string, world: World): string {
  return new Executor(tree, new Evaluator(world, new Budget(), { name, source })).run(new Dot(world.labels))
}

class Executor {
  readonly #out: string[] = []

  constructor(
    readonly tree: Tree,
    readonly evaluator: Evaluator,
  ) {}

  run(dot: Value): string {
    this.evaluator.variables.push({ name: '$', value: dot })
    this.#list(this.tree.body, dot)
    return this.#out.join('')
  }

  #list(nodes: readonly Node[], dot: Value): Flow {
    for (const node of nodes) {
      const flow = this.#node(node, dot)
      if (flow) return flow
    }
    return undefined
  }

  #node(node: Node, dot: Value): Flow {
    this.evaluator.budget.step()
    switch (node.kind) {
      case 'text':
        this.#write(node.text)
        return undefined
      case 'action': {
        const value = this.evaluator.pipe(node.pipe, dot)
        if (node.pipe.variables.length === 0) this.#write(show(value))
        return undefined
      }
      case 'if':
      case 'with':
        return this.#scoped(() => this.#branch(node, dot))
      case 'range':
        return this.#scoped(() => this.#range(node, dot))
      case 'template':
        this.#template(node, dot)
        return undefined
      default:
        return node.kind
    }
  }

  #write(text: string): void {
    this.evaluator.budget.text(text.length)
    this.#out.push(text)
  }

  #scoped<T>(run: () => T): T {
    const { variables } = this.evaluator
    const mark = variables.length
    const result = run()
    variables.length = mark
    return result
  }

  #branch(node: Node & { kind: 'if' | 'with' }, dot: Value): Flow {
    const value = this.evaluator.pipe(node.pipe, dot)
    if (!isTrue(value)) return this.#list(node.otherwise, dot)
    return this.#list(node.body, node.kind === 'with' ? value : dot)
  }

  #range(node: Node & { kind: 'range' }, dot: Value): Flow {
    const { pipe } = node
    const over = this.evaluator.pipe({ ...pipe, variables: [] }, dot)
    let empty = true
    for (const [index, item] of itemsOf(over)) {
      empty = false
      this.evaluator.budget.step()
      const flow = this.#scoped(() => {
        this.#bind(pipe, index, item)
        return this.#list(node.body, item)
      })
      if (flow === 'break') break
    }
    return empty ? this.#list(node.otherwise, dot) : undefined
  }

  #bind({ variables, assigns }: Pipe, index: Value, item: Value): void {
    const [first, second] = variables
    if (first === undefined) return
    const pairs: [string, Value][] =
      second === undefined
        ? [[first, item]]
        : [
            [first, index],
            [second, item],
          ]
    for (const [name, value] of pairs) this.evaluator.bind(name, value, assigns)
  }

  #template(node: Node & { kind: 'template' }, dot: Value): void {
    const body = this.tree.named.get(node.name)
    const { evaluator } = this
    if (!body)
      throw evaluator.placed(node.at, `{{template "${node.name}"}}`, `template "${node.name}" not defined`)
    const inner = node.pipe ? evaluator.pipe(node.pipe, dot) : undefined
    const outer = evaluator.variables
    evaluator.variables = [{ name: '$', value: inner }]
    evaluator.budget.inside(() => this.#list(body, inner))
    evaluator.variables = outer
  }
}

function* itemsOf(over: Value): Generator<readonly [Value, Value]> {
  if (over === undefined) return
  if (Array.isArray(over)) {
    for (const [i, item] of over.entries()) yield [BigInt(i), item]
    return
  }
  if (over instanceof Map || over instanceof Dot) {
    const entries: [string, Value][] = over instanceof Map ? [...over] : dotEntries(over)
    yield* entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
    return
  }
  if (typeof over === 'bigint') {
    for (let i = 0n; i < over; i++) yield [i, i]
    return
  }
  throw new TemplateFailure(
    isTime(over)
      ? "range can't iterate over a time"
      : `range can't iterate over ${show(over)} of type ${typeName(over)}`,
  )
}
