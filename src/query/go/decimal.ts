// Decimal numbers of any precision, exact in `+`, `-` and `*`; division keeps sixteen digits behind the point.

const DIVISION_DIGITS = 16

export class Decimal {
  /** The value is `digits` / 10^`scale`. */
  constructor(
    readonly digits: bigint,
    readonly scale: number,
  ) {}

  get isZero(): boolean {
    return this.digits === 0n
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale)
    return new Decimal(this.#at(scale) + other.#at(scale), scale)
  }

  minus(other: Decimal): Decimal {
    return this.plus(new Decimal(-other.digits, other.scale))
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.digits * other.digits, this.scale + other.scale)
  }

  /** Rounded half away from zero; the other must not be zero. */
  dividedBy(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale)
    const above = this.#at(scale) * 10n ** BigInt(DIVISION_DIGITS)
    const below = other.#at(scale)
    const doubled = (above * 2n) / below
    const digits = doubled >= 0n ? (doubled + 1n) / 2n : (doubled - 1n) / 2n
    return new Decimal(digits, DIVISION_DIGITS)
  }

  toNumber(): number {
    return Number(`${this.digits}e${-this.scale}`)
  }

  #at(scale: number): bigint {
    return this.digits * 10n ** BigInt(scale - this.scale)
  }
}

/** The shortest decimal that reads back as this float, which must be finite. */
export function decimalOf(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  const scale = fraction.length - Number(exponent)
  const digits = BigInt(whole + fraction)
  return scale < 0 ? new Decimal(digits * 10n ** BigInt(-scale), 0) : new Decimal(digits, scale)
}
