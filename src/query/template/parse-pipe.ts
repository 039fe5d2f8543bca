// Reads what stands inside an action: variables, commands, their words.
import { TemplateSyntax, type Token } from './lex.js'
import { isFunction } from './functions/index.js'
import type { Command, Pipe, Word } from './tree.js'

/** Parentheses inside each other. */
const DEPTH = 50

export class PipeReader {
  #at = 0
  #depth = 0

  /** Variables that the pipe declares are added to those in scope. */
  constructor(
    readonly text: string,
    readonly tokens: readonly Token[],
    readonly scope: string[],
  ) {}

  /** The whole action. */
  read(context: string): Pipe {
    const pipe = this.#pipe(context)
    const extra = this.tokens[this.#at]
    if (extra) throw new TemplateSyntax(`unexpected "${extra.text}" in ${context}`, extra.at)
    return pipe
  }

  #pipe(context: string): Pipe {
    const { variables, assigns } = this.#declaration(context)
    const commands: Command[] = []
    do commands.push(this.#command(context))
    while (this.#take('|'))
    for (const command of commands.slice(1)) {
      const [first] = command.words
      if (first && !['function', 'field', 'variable', 'pipe'].includes(first.kind))
        throw new TemplateSyntax(
          `non executable command in pipeline stage ${commands.indexOf(command) + 1}`,
          first.at,
        )
    }
    if (!assigns) this.scope.push(...variables)
    return { variables, assigns, commands }
  }

  #declaration(context: string): { variables: readonly string[]; assigns: boolean } {
    const [first, second, third, fourth] = this.tokens.slice(this.#at, this.#at + 4)
    if (first?.kind !== 'variable') return { variables: [], assigns: false }
    if (second?.kind === ':=' || second?.kind === '=') {
      this.#at += 2
      if (second.kind === '=') this.#known(first)
      return { variables: [first.text], assigns: second.kind === '=' }
    }
    const pair =
      second?.kind === ',' && third?.kind === 'variable' && (fourth?.kind === ':=' || fourth?.kind === '=')
    if (!pair) return { variables: [], assigns: false }
    if (context !== 'range') throw new TemplateSyntax(`too many declarations in ${context}`, first.at)
    this.#at += 4
    return { variables: [first.text, third.text], assigns: fourth.kind === '=' }
  }

  #command(context: string): Command {
    const words: Word[] = []
    for (;;) {
      const token = this.tokens[this.#at]
      if (!token || token.kind === '|' || token.kind === ')') break
      if (words.length > 0 && !token.spaced && token.kind !== '(')
        throw new TemplateSyntax(`unexpected "${token.text}" in operand`, token.at)
      words.push(this.#word(token, context))
    }
    if (words.length === 0) {
      const place = this.tokens[this.#at] ?? this.tokens.at(-1)
      throw new TemplateSyntax(
        this.tokens.length === 0 ? `missing value for ${context}` : 'empty command',
        place?.at ?? 0,
      )
    }
    return { words }
  }

  #word(token: Token, context: string): Word {
    this.#at++
    const { at, text } = token
    switch (token.kind) {
      case 'dot':
        return { kind: 'dot', at, text }
      case 'string':
        return { kind: 'string', at, text, value: token.value }
      case 'number':
        return { at, text, ...numberOf(token) }
      case 'field': {
        const names = [text.slice(1), ...this.#fields()]
        return { kind: 'field', at, text: `.${names.join('.')}`, names }
      }
      case 'variable': {
        this.#known(token)
        const names = this.#fields()
        return { kind: 'variable', at, text: [text, ...names].join('.'), name: text, names }
      }
      case 'word':
        return word(token)
      case '(':
        return this.#group(token, context)
      default:
        throw new TemplateSyntax(`unexpected "${text}" in ${context}`, at)
    }
  }

  #group(open: Token, context: string): Word {
    if (++this.#depth > DEPTH) throw new TemplateSyntax('parentheses are nested too deep', open.at)
    const pipe = this.#pipe(context === 'range' ? 'parenthesized pipeline' : context)
    if (!this.#take(')')) throw new TemplateSyntax('unclosed left paren', open.at)
    this.#depth--
    const close = this.tokens[this.#at - 1] as Token
    return {
      kind: 'pipe',
      at: open.at,
      text: this.text.slice(open.at, close.at + 1),
      pipe,
      names: this.#fields(),
    }
  }

  /** `.a.b` right behind a word. */
  #fields(): string[] {
    const names: string[] = []
    for (;;) {
      const token = this.tokens[this.#at]
      if (token?.kind !== 'field' || token.spaced) return names
      names.push(token.text.slice(1))
      this.#at++
    }
  }

  #known({ text, at }: Token): void {
    if (!this.scope.includes(text)) throw new TemplateSyntax(`undefined variable "${text}"`, at)
  }

  #take(kind: Token['kind']): boolean {
    if (this.tokens[this.#at]?.kind !== kind) return false
    this.#at++
    return true
  }
}

function word({ text, at }: Token): Word {
  if (text === 'true' || text === 'false') return { kind: 'bool', at, text, value: text === 'true' }
  if (text === 'nil') return { kind: 'nil', at, text }
  if (!isFunction(text)) throw new TemplateSyntax(`function "${text}" not defined`, at)
  return { kind: 'function', at, text, name: text }
}

function numberOf({ value, at, text }: Token): {
  kind: 'number'
  integer: bigint | undefined
  float: number
} {
  const [, sign = '', digits = ''] = /^([+-]?)(.*)$/s.exec(value) ?? []
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits
  if (/^(?:0[xXoObB][\da-fA-F]+|\d+)$/.test(octal)) {
    const integer = sign === '-' ? -BigInt(octal) : BigInt(octal)
    if (BigInt.asIntN(64, integer) !== integer) throw new TemplateSyntax(`integer overflow: "${text}"`, at)
    return { kind: 'number', integer, float: Number(integer) }
  }
  const float = Number(value)
  if (!Number.isFinite(float)) throw new TemplateSyntax(`bad number syntax: "${text}"`, at)
  return { kind: 'number', integer: undefined, float }
}
