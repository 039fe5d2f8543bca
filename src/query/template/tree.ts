// The tree that a template is read into; `at` is the place in the text, in UTF-16 units from 0.

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | ({ readonly kind: 'if' | 'with' } & Branch)
  | ({ readonly kind: 'range' } & Branch)
  | { readonly kind: 'template'; readonly name: string; readonly pipe: Pipe | undefined; readonly at: number }
  | { readonly kind: 'break' | 'continue' }

export interface Branch {
  readonly pipe: Pipe
  readonly body: readonly Node[]
  readonly otherwise: readonly Node[]
}

/** `$a, $b := command | command` */
export interface Pipe {
  readonly variables: readonly string[]
  /** `=` instead of `:=`. */
  readonly assigns: boolean
  readonly commands: readonly Command[]
}

export interface Command {
  readonly words: readonly Word[]
}

/** `text` is how it was written, for messages. */
export type Word = { readonly at: number; readonly text: string } & (
  | { readonly kind: 'dot' | 'nil' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  /** An integer, or undefined where the number has a fraction. */
  | { readonly kind: 'number'; readonly integer: bigint | undefined; readonly float: number }
  | { readonly kind: 'field'; readonly names: readonly string[] }
  /** `$a.b`; the dollar is part of the name. */
  | { readonly kind: 'variable'; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'function'; readonly name: string }
  /** `(…)`, or `(…).a.b` */
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly names: readonly string[] }
)

export interface Tree {
  readonly body: readonly Node[]
  /** Of `{{define "name"}}`. */
  readonly named: ReadonlyMap<string, readonly Node[]>
}
