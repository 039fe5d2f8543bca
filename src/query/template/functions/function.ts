// The one shape of the functions of templates, and the words that their tables are written in.
import type { Budget } from '../budget.js'
import type { Value } from '../value.js'
import type { World } from '../world.js'

/** What a function takes; `any` leaves the judgement to the function. */
export type Parameter = 'any' | 'string' | 'int' | 'float' | 'time'

/** For whom a function runs. */
export interface Caller {
  readonly world: World
  readonly budget: Budget
}

export interface TemplateFunction {
  readonly parameters: readonly Parameter[]
  /** The type of any number of further arguments; absent where there are none. */
  readonly rest?: Parameter
  /** Arguments are of the types above, as many as there must be. Throws TemplateFailure. */
  run(values: readonly Value[], caller: Caller): Value
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>

/** A function of texts alone. */
export function ofTexts(count: number, run: (...texts: string[]) => Value): TemplateFunction {
  return {
    parameters: Array.from({ length: count }, () => 'string'),
    run: (values) => run(...(values as string[])),
  }
}

/** A function of a whole number and texts behind it; the caller bounds what it makes. */
export function ofCount(
  texts: number,
  run: (count: number, texts: string[], caller: Caller) => Value,
): TemplateFunction {
  return {
    parameters: ['int', ...Array.from({ length: texts }, (): Parameter => 'string')],
    run: ([count, ...rest], caller) => run(Number(count), rest as string[], caller),
  }
}
