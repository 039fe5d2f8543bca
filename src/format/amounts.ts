// Bytes, counts and durations as people read them. Machines get the plain numbers through --json.

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** `0 B`, `1.5 MiB`, `120 GiB`: powers of 1024, three digits where there are more than bytes. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit]}`
}

/** `2,000,000` */
export function countText(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 record`, `2 records` */
export function countOf(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`
}

const DURATION_UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** `3d 4h`, `5m 12s`, `80ms`: the two largest units. */
export function durationText(durationMs: number): string {
  if (durationMs < 1000) return `${Math.max(0, Math.round(durationMs))}ms`
  const parts: string[] = []
  let rest = durationMs
  for (const [unit, sizeMs] of DURATION_UNITS) {
    const amount = Math.floor(rest / sizeMs)
    rest -= amount * sizeMs
    if (amount > 0) parts.push(`${amount}${unit}`)
    else if (parts.length > 0) break
  }
  return parts.slice(0, 2).join(' ')
}
