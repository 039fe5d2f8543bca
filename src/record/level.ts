// Levels: the seven names that logctl counts by, and how to tell them from words, numbers and lines.

export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'unknown'] as const
export type Level = (typeof LEVELS)[number]

// A map, since an object would answer to `constructor` too.
const WORDS: ReadonlyMap<string, Level> = new Map(
  Object.entries({
    trace: 'trace trc finest finer verbose silly',
    debug: 'debug dbg fine',
    info: 'info inf information informational notice log',
    warn: 'warn wrn warning',
    error: 'error err severe',
    fatal: 'fatal ftl critical crit alert emerg emergency panic',
    unknown: 'unknown',
  }).flatMap(([level, words]) => words.split(' ').map((word) => [word, level as Level] as const)),
)

const LONGEST_WORD = 'informational'.length

export function isLevel(text: string): text is Level {
  return (LEVELS as readonly string[]).includes(text)
}

/** The level that a word such as `WARNING` or `err` stands for. */
export function levelOfWord(word: string): Level | undefined {
  return word.length > LONGEST_WORD ? undefined : (WORDS.get(word) ?? WORDS.get(word.toLowerCase()))
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

// Whole words in upper case, in brackets, or behind `level=` or `"level":`; lower case alone is prose ("no error found").
const IN_LINE =
  /(?:\b(?:level|LEVEL|Level|lvl|LVL|severity|SEVERITY|Severity)=["']?|"(?:level|LEVEL|Level|lvl|severity|SEVERITY|Severity|log\.level|severity_text)"\s*:\s*"?)([A-Za-z]+|\d{1,2}\b)|[[(<]\s?([Tt]race|[Dd]ebug|[Ii]nfo|[Nn]otice|[Ww]arn|[Ww]arning|[Ee]rror|[Ee]rr|[Cc]rit|[Cc]ritical|[Ff]atal|[Pp]anic|[Aa]lert|[Ee]merg|ERR|CRIT)\s?[\])>]|\b(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|PANIC|EMERG|ALERT|SEVERE)\b/g

// One of these is found in every line that IN_LINE could take a level from. Alternatives of plain text are what V8
// searches fastest: together they cost a third of IN_LINE on a line without any level.
const UPPER_WORD = /TRACE|DEBUG|INFO|NOTICE|WARN|ERROR|CRIT|FATAL|PANIC|EMERG|ALERT|SEVERE/
const OTHER_WORD = /race|ebug|info|Info|otice|warn|Warn|rror|crit|Crit|atal|anic|lert|merg/
const ERR = /[Ee]rr\s?[\])>]|ERR\s?[\])>]/
const NAMED = /evel|EVEL|verity|VERITY|lvl=|lvl"|LVL=/

/** How far into a line a level is looked for, in UTF-16 units: it stands near the front or not at all. */
const LOOK_AHEAD = 512

/** The level that a line says of itself. */
export function levelOfLine(line: string): Level | undefined {
  const front = line.length > LOOK_AHEAD ? line.slice(0, LOOK_AHEAD) : line
  if (!UPPER_WORD.test(front) && !OTHER_WORD.test(front) && !NAMED.test(front) && !ERR.test(front))
    return undefined
  IN_LINE.lastIndex = 0
  for (let match = IN_LINE.exec(front); match; match = IN_LINE.exec(front)) {
    const [, named, bracketed, bare] = match
    const level = named === undefined ? levelOfWord(bracketed ?? bare ?? '') : levelOfText(named)
    if (level !== undefined) return level
  }
  return undefined
}

/** A word, or pino's number as text. */
function levelOfText(text: string): Level | undefined {
  return levelOfWord(text) ?? levelOfPino(Number(text))
}
