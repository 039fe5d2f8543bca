// Evaluates pipelines, commands and words of a template, and calls its functions with arguments of the right types.
import { isTime } from '../go/time.js'
import type { Budget } from './budget.js'
import type { Parameter, TemplateFunction } from './functions/function.js'
import { functionNamed } from './functions/index.js'
import type { Command, Pipe, Word } from './tree.js'
import { TemplateFailure, type Value, fieldOf, isTrue, typeName } from './value.js'
import type { World } from './world.js'

/** Stands for "no value comes through the pipe". */
const NOTHING = Symbol('nothing')
type Piped = Value | typeof NOTHING

/** A failure that says already where it happened. */
class PlacedFailure extends TemplateFailure {}

/** Words of a failing place that are shown. */
const SHOWN = 20

export class Evaluator {
  variables: { readonly name: string; value: Value }[] = []

  constructor(
    readonly world: World,
    readonly budget: Budget,
    readonly template: { readonly name: string; readonly source: string },
  ) {}

  pipe(pipe: Pipe, dot: Value): Value {
    let value: Piped = NOTHING
    for (const command of pipe.commands) value = this.#command(command, dot, value)
    const result = value === NOTHING ? undefined : value
    for (const name of pipe.variables) this.bind(name, result, pipe.assigns)
    return result
  }

  bind(name: string, value: Value, assigns: boolean): void {
    const known = assigns ? this.variables.findLast((variable) => variable.name === name) : undefined
    if (known) known.value = value
    else this.variables.push({ name, value })
  }

  placed(at: number, context: string, message: string): TemplateFailure {
    const { name, source } = this.template
    const before = source.slice(0, at)
    const line = before.split('\n').length
    const column = at - (before.lastIndexOf('\n') + 1)
    const shown = context.length > SHOWN ? `${context.slice(0, SHOWN)}...` : context
    return new PlacedFailure(
      `template: ${name}:${line}:${column}: executing "${name}" at <${shown}>: ${message}`,
    )
  }

  #command({ words }: Command, dot: Value, piped: Piped): Value {
    const [first, ...rest] = words
    if (!first) return undefined
    this.budget.step()
    return this.#at(first, () => {
      if (first.kind === 'function') return this.#call(first.name, rest, dot, piped)
      if (rest.length > 0 || piped !== NOTHING) {
        const { names } = first as { names?: readonly string[] }
        const last = names?.at(-1)
        throw new TemplateFailure(
          last === undefined
            ? `can't give argument to non-function ${first.text}`
            : `${last} is not a method but has arguments`,
        )
      }
      if (first.kind === 'nil') throw new TemplateFailure('nil is not a command')
      return this.#word(first, dot)
    })
  }

  #at<T>(word: Word, run: () => T): T {
    try {
      return run()
    } catch (thrown) {
      if (!(thrown instanceof TemplateFailure) || thrown instanceof PlacedFailure) throw thrown
      throw this.placed(word.at, word.text, thrown.message)
    }
  }

  #word(word: Word, dot: Value): Value {
    switch (word.kind) {
      case 'dot':
        return dot
      case 'nil':
        return undefined
      case 'bool':
      case 'string':
        return word.value
      case 'number':
        return word.integer ?? word.float
      case 'field':
        return word.names.reduce(fieldOf, dot)
      case 'variable':
        return word.names.reduce(fieldOf, this.#variable(word.name))
      case 'pipe':
        return word.names.reduce(fieldOf, this.pipe(word.pipe, dot))
      case 'function':
        return this.#call(word.name, [], dot, NOTHING)
    }
  }

  #variable(name: string): Value {
    const known = this.variables.findLast((variable) => variable.name === name)
    if (!known) throw new TemplateFailure(`undefined variable: ${name}`)
    return known.value
  }

  #call(name: string, words: readonly Word[], dot: Value, piped: Piped): Value {
    const count = words.length + (piped === NOTHING ? 0 : 1)
    const called = functionNamed(name)
    const { parameters, rest } = called
    if (rest === undefined ? count !== parameters.length : count < parameters.length) {
      const want = rest === undefined ? parameters.length : `at least ${parameters.length}`
      throw new TemplateFailure(`wrong number of args for ${name}: want ${want} got ${count}`)
    }
    if (name === 'and' || name === 'or') return this.#shortCircuit(name, words, dot, piped)
    const values = words.map((word, i) =>
      this.#at(word, () => this.#argument(word, dot, parameters[i] ?? rest ?? 'any')),
    )
    if (piped !== NOTHING) values.push(checked(piped, parameters[count - 1] ?? rest ?? 'any'))
    return this.#run(called, name, values)
  }

  #run(called: TemplateFunction, name: string, values: Value[]): Value {
    try {
      const value = called.run(values, this)
      if (typeof value === 'string') this.budget.text(value.length)
      return value
    } catch (thrown) {
      if (!(thrown instanceof TemplateFailure)) throw thrown
      throw new TemplateFailure(`error calling ${name}: ${thrown.message}`)
    }
  }

  /** `and` and `or` evaluate no more than they must. */
  #shortCircuit(name: 'and' | 'or', words: readonly Word[], dot: Value, piped: Piped): Value {
    let value: Value
    for (const word of words) {
      value = this.#at(word, () => this.#argument(word, dot, 'any'))
      if (isTrue(value) === (name === 'or')) return value
    }
    return piped === NOTHING ? value : piped
  }

  #argument(word: Word, dot: Value, parameter: Parameter): Value {
    switch (word.kind) {
      case 'nil':
        if (parameter === 'any') return undefined
        throw new TemplateFailure(`cannot assign nil to ${GO_TYPES[parameter]}`)
      case 'bool':
      case 'string':
      case 'number':
        return constant(word, parameter)
      default:
        return checked(this.#word(word, dot), parameter)
    }
  }
}

const GO_TYPES: Readonly<Record<Parameter, string>> = {
  any: 'interface {}',
  string: 'string',
  int: 'int',
  float: 'float64',
  time: 'time.Time',
}

function constant(word: Word & { kind: 'bool' | 'string' | 'number' }, parameter: Parameter): Value {
  if (word.kind !== 'number') {
    if (parameter === 'any' || parameter === typeof word.value) return word.value
  } else {
    if (parameter === 'float') return word.float
    if (word.integer !== undefined && (parameter === 'int' || parameter === 'any')) return word.integer
    if (parameter === 'any') return word.float
  }
  const expected = parameter === 'int' ? 'integer' : parameter === 'float' ? 'float' : GO_TYPES[parameter]
  throw new TemplateFailure(`expected ${expected}; found ${word.text}`)
}

function checked(value: Value, parameter: Parameter): Value {
  if (fits(value, parameter)) return value
  if (value === undefined) throw new TemplateFailure(`invalid value; expected ${GO_TYPES[parameter]}`)
  throw new TemplateFailure(`wrong type for value; expected ${GO_TYPES[parameter]}; got ${typeName(value)}`)
}

function fits(value: Value, parameter: Parameter): boolean {
  if (parameter === 'any') return true
  if (parameter === 'string') return typeof value === 'string'
  if (parameter === 'int') return typeof value === 'bigint'
  return parameter === 'float' ? typeof value === 'number' : isTime(value)
}
