// All functions of templates by their names; nothing else can be called.
import { COLLECTION_FUNCTIONS } from './collections.js'
import { COMPARISON_FUNCTIONS } from './comparisons.js'
import { DATE_FUNCTIONS } from './dates.js'
import type { TemplateFunction } from './function.js'
import { MATH_FUNCTIONS } from './math.js'
import { OUTPUT_FUNCTIONS } from './output.js'
import { TEXT_FUNCTIONS } from './text.js'

const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  [
    COLLECTION_FUNCTIONS,
    COMPARISON_FUNCTIONS,
    DATE_FUNCTIONS,
    MATH_FUNCTIONS,
    OUTPUT_FUNCTIONS,
    TEXT_FUNCTIONS,
  ].flatMap((table) => Object.entries(table)),
)

export function isFunction(name: string): boolean {
  return FUNCTIONS.has(name)
}

/** The parser has made sure that there is one. */
export function functionNamed(name: string): TemplateFunction {
  return FUNCTIONS.get(name) as TemplateFunction
}
