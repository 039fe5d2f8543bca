// Sizes as people write them (16MiB, 1GB, 65536), in bytes. Durations are read by record/time.

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/**
 * Bytes, rounded down; undefined when it is no size. `MB` is decimal and `MiB` binary (IEC 80000-13); a bare
 * `M` is binary, as in systemd and Docker. The case of the unit does not count.
 */
export function sizeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?([a-z]*)$/i.exec(text)
  const unit = UNIT_BYTES[(match?.[2] ?? '').toLowerCase()]
  if (!match || unit === undefined) return undefined
  const bytes = Math.floor(Number(match[1]) * unit)
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
