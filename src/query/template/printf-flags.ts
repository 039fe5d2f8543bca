// What stands between the `%` of printf and its verb.
export interface Flags {
  readonly minus: boolean
  readonly plus: boolean
  readonly sharp: boolean
  readonly space: boolean
  readonly zero: boolean
  readonly width: number
  /** Undefined where none was written. */
  readonly precision: number | undefined
}

export function signOf(negative: boolean, { plus, space }: Flags): string {
  if (negative) return '-'
  return plus ? '+' : space ? ' ' : ''
}
