// Levels: the seven names that logctl counts by, and how to tell them from words, numbers and lines.

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unknown'] as const
export type Level = (typeof LEVELS)[number]

const WORDS: Readonly<Record<string, Level>> = {
  trace: 'trace',
  trc: 'trace',
  finest: 'trace',
  finer: 'trace',
  verbose: 'trace',
  silly: 'trace',
  debug: 'debug',
  dbg: 'debug',
  fine: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  wrn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  fatal: 'fatal',
  ftl: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
  unknown: 'unknown',
}

export function isLevel(text: string): text is Level {
  return (LEVELS as readonly string[]).includes(text)
}

/** The level that a word such as `WARNING` or `err` stands for. */
export function levelOfWord(word: string): Level | undefined {
  return WORDS[word.toLowerCase()]
}

/** pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
export function levelOfPino(value: number): Level | undefined {
  if (!Number.isInteger(value) || value < 10 || value > 69) return undefined
  return LEVELS[Math.floor(value / 10) - 1]
}

/** OpenTelemetry severity numbers 1–24 (log data model, "SeverityNumber"); 0 is unspecified. */
export function levelOfSeverityNumber(value: number): Level | undefined {
  if (!Number.isInteger(value) || value < 1 || value > 24) return undefined
  return LEVELS[Math.floor((value - 1) / 4)]
}

/** syslog severity 0–7 (RFC 5424 §6.2.1), the low three bits of a priority. */
export function levelOfSyslogSeverity(value: number): Level | undefined {
  if (!Number.isInteger(value) || value < 0 || value > 7) return undefined
  return (['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'] as const)[value]
}

// Whole words in upper case, in brackets, or behind `level=`; lower case alone is prose ("no error found").
const IN_LINE =
  /\b(?:level|lvl|severity)=["']?([A-Za-z]+)|[[(<](trace|debug|info|notice|warn|warning|error|err|crit|critical|fatal|panic|alert|emerg)[\])>]|\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|PANIC|EMERG|ALERT|SEVERE)\b/i

const UPPER = /^[A-Z]+$/

/** How far into a line a level is looked for, in UTF-16 units: it stands near the front or not at all. */
const LOOK_AHEAD = 512

/** The level that a line says of itself. */
export function levelOfLine(line: string): Level | undefined {
  let rest = line.length > LOOK_AHEAD ? line.slice(0, LOOK_AHEAD) : line
  for (let match = IN_LINE.exec(rest); match; match = IN_LINE.exec(rest)) {
    const [whole, named, bracketed, bare] = match
    const level = levelOfWord(named ?? bracketed ?? bare ?? '')
    if (level !== undefined && (bare === undefined || UPPER.test(bare))) return level
    rest = rest.slice(match.index + whole.length)
  }
  return undefined
}
