// The path of a day's file, from a pattern with `%Y`, `%m` and `%d` (strftime).
import type { Day } from '../../record/time.js'

export function dayPath(pattern: string, day: Day): string {
  const [year = '', month = '', date = ''] = day.split('-')
  const parts: Readonly<Record<string, string>> = { '%Y': year, '%m': month, '%d': date, '%%': '%' }
  return pattern.replaceAll(/%[Ymd%]/g, (part) => parts[part] ?? part)
}
