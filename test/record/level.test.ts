// Levels from words, numbers and lines.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isLevel,
  type Level,
  LEVELS,
  levelOfLine,
  levelOfPino,
  levelOfSeverityNumber,
  levelOfSyslogSeverity,
  levelOfWord,
} from '#logctl/record/level.js'

it('knows the words of common loggers in any case', () => {
  for (const level of LEVELS)
    expect([levelOfWord(level), levelOfWord(level.toUpperCase()), isLevel(level)]).toEqual([
      level,
      level,
      true,
    ])
  expect(['WARNING', 'Err', 'crit', 'notice', 'Informational', 'ftl', 'verbose'].map(levelOfWord)).toEqual([
    'warn',
    'error',
    'fatal',
    'info',
    'info',
    'fatal',
    'trace',
  ])
})

it('answers to nothing that every object has', () => {
  for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'x'.repeat(1e6)])
    expect([levelOfWord(word), isLevel(word)]).toEqual([undefined, false])
})

it('reads the numbers of pino, OpenTelemetry and syslog', () => {
  expect([10, 20, 30, 35, 40, 50, 60].map(levelOfPino)).toEqual([
    'trace',
    'debug',
    'info',
    'info',
    'warn',
    'error',
    'fatal',
  ])
  expect([1, 4, 5, 9, 13, 17, 21, 24].map(levelOfSeverityNumber)).toEqual([
    'trace',
    'trace',
    'debug',
    'info',
    'warn',
    'error',
    'fatal',
    'fatal',
  ])
  expect([0, 2, 3, 4, 5, 6, 7].map(levelOfSyslogSeverity)).toEqual([
    'fatal',
    'fatal',
    'error',
    'warn',
    'info',
    'info',
    'debug',
  ])
  for (const value of [-1, 0.5, 100, Number.NaN])
    expect([levelOfPino(value), levelOfSeverityNumber(value), levelOfSyslogSeverity(value)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  expect(levelOfSeverityNumber(0)).toBeUndefined()
})

describe('levelOfLine', () => {
  it.each<[string, Level | undefined]>([
    ['ERROR it broke', 'error'],
    ['2025-01-11 09:30:00 WARN disk', 'warn'],
    ['WARNING: x', 'warn'],
    ['[error] x', 'error'],
    ['[ERR] x', 'error'],
    ['[Warn] x', 'warn'],
    ['[ info ] x', 'info'],
    ['<crit> x', 'fatal'],
    ['(debug) x', 'debug'],
    ['ts=1 level=warn msg="ERROR"', 'warn'],
    ['level="error" x', 'error'],
    ['LEVEL=Debug', 'debug'],
    ['lvl=inf x', 'info'],
    ['{"msg":"x","level":"error"}', 'error'],
    ['{"level": 50, "msg":"x"}', 'error'],
    ['{"severity":"NOTICE"}', 'info'],
    ['{"log.level":"warn"}', 'warn'],
    ['no error found', undefined],
    ['errors: 0, warning lights off', undefined],
    ['ERROR_CODE=5', undefined],
    ['MYERROR', undefined],
    ['this is (fine), see [log] and [verbose]', undefined],
    ['level=high', undefined],
    ['sublevel=error', undefined],
    ['[main] ERROR x', 'error'],
    ['[main] no error', undefined],
    ['level=custom then ERROR', 'error'],
    ['', undefined],
    [`${' '.repeat(600)}ERROR`, undefined],
  ])('%j', (line, expected) => expect(levelOfLine(line)).toBe(expected))

  it('has a first look that passes over no line with a level', () => {
    const before = fc
      .string({ maxLength: 20 })
      .filter((text) => levelOfLine(text) === undefined && !/[\w"]$/.test(text))
    const words = [
      'trace',
      'debug',
      'info',
      'notice',
      'warn',
      'warning',
      'error',
      'err',
      'crit',
      'critical',
      'fatal',
      'panic',
      'alert',
      'emerg',
    ]
    fc.assert(
      fc.property(
        before,
        fc.constantFrom(...words),
        fc.constantFrom('[]', '()', '<>', 'l', 's', 'j'),
        (text, word, how) => {
          const marked: Record<string, string> = {
            l: `level=${word}`,
            s: `severity=${word}`,
            j: `"level":"${word}"`,
          }
          const line = `${text} ${marked[how] ?? `${how[0]}${word}${how[1]}`}`
          expect([line, levelOfLine(line)]).toEqual([line, levelOfWord(word)])
        },
      ),
      { numRuns: 1000 },
    )
  })
})
