// Where a sender says its level: the keys that are looked at, in order, and what their values mean.
import {
  type Level,
  levelOfPino,
  levelOfSeverityNumber,
  levelOfSyslogSeverity,
  levelOfWord,
} from '../record/level.js'

/**
 * Words or numbers. The order is Loki's (its default `log_level_fields`), after the name that Loki itself gives
 * what it detected.
 */
const WORD_KEYS = [
  'detected_level',
  'level',
  'LEVEL',
  'Level',
  'log.level',
  'severity',
  'SEVERITY',
  'Severity',
  'SeverityText',
  'severityText',
  'lvl',
  'LVL',
  'Lvl',
  'severity_text',
  'Severity_Text',
  'SEVERITY_TEXT',
] as const
/** OpenTelemetry's log data model, as its exporters spell it. */
const SEVERITY_NUMBER_KEYS = ['severity_number', 'severityNumber', 'SeverityNumber'] as const
/** journald's field, and the priority of the syslog parsers of Fluentd and Fluent Bit. */
const PRIORITY_KEYS = ['PRIORITY', 'pri'] as const

/** All of them; a lower index wins. At most 31, so that a set of them is one small integer. */
export const LEVEL_KEYS: readonly string[] = [...WORD_KEYS, ...SEVERITY_NUMBER_KEYS, ...PRIORITY_KEYS]
/** The key of Elastic's schema, which also comes as an object `log` with a `level`. */
export const LOG_LEVEL = LEVEL_KEYS.indexOf('log.level')

/** Words from which the level's own name can be told, so that nothing is lost when only the name is kept. */
const SPELLINGS = new Set(
  'trace trc debug dbg info inf information informational warn wrn warning error err fatal ftl'.split(' '),
)

/** The level that the value of `LEVEL_KEYS[index]` stands for. */
export function levelOfKey(index: number, value: unknown): Level | undefined {
  if (typeof value === 'number') return levelOfNumber(index, value)
  if (typeof value !== 'string') return undefined
  return levelOfWord(value) ?? (/^\d{1,3}$/.test(value) ? levelOfNumber(index, Number(value)) : undefined)
}

/** Whether a value says no more than the level that it became. */
export function isSpellingOfLevel(value: unknown): boolean {
  return typeof value === 'string' && SPELLINGS.has(value.toLowerCase())
}

/** In a key for words a number is pino's from 10 on, and a syslog severity (as GELF sends it) below. */
function levelOfNumber(index: number, value: number): Level | undefined {
  if (index < WORD_KEYS.length) return levelOfPino(value) ?? levelOfSyslogSeverity(value)
  if (index < WORD_KEYS.length + SEVERITY_NUMBER_KEYS.length) return levelOfSeverityNumber(value)
  return value >= 0 && value <= 191 ? levelOfSyslogSeverity(value & 7) : undefined
}
