// Sizes as disks are sold and volumes of logs are spoken of: powers of 1000.

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** `300 GB`, `1.5 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${Number(value.toFixed(value >= 99.95 ? 0 : 1))} ${UNITS[unit]}`
}
