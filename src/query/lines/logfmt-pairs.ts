// Reads a line of `key=value key="quoted value" flag` pair by pair; a bad pair is passed over up to the next white
// space. What is a pair, and how errors are told, follow the go-logfmt library, which Loki uses.
import { bytesOf } from '../go/utf8.js'
import { stringEnd, unescapeJson } from './json-text.js'

/** `value` is undefined for a bare key. Answers false to stop the reading. */
export type TakePair = (key: string, value: string | undefined) => boolean

const INVALID_KEY = 'invalid key'
const NOT_CLOSED = 'unterminated quoted value'
const INVALID_QUOTED = 'invalid quoted value'

interface Bad {
  readonly at: number
  readonly what: string
}

/** Only a `strict` reading ends at a bad pair and tells what was wrong with it. */
export function readPairs(line: string, strict: boolean, take: TakePair): string | undefined {
  let at = 0
  for (;;) {
    at = skipSpace(line, at)
    if (at >= line.length) return undefined
    const from = at
    at = keyEnd(line, from)
    const sign = line.charCodeAt(at)
    const bad = badKey(line, from, at, sign)
    if (bad !== undefined) {
      if (strict) return told(line, bad)
      at = wordEnd(line, at)
      continue
    }
    const key = line.slice(from, at)
    if (sign !== 61) {
      if (!take(key, undefined)) return undefined
      continue
    }
    const quoted = line.charCodeAt(at + 1) === 34
    const end = quoted ? stringEnd(line, at + 2) : keyEnd(line, at + 1)
    const value = quoted ? quotedValue(line, at + 2, end) : plainValue(line, at + 1, end)
    if (typeof value !== 'string') {
      if (strict) return told(line, value)
      at = quoted ? (end < 0 ? line.length : end + 1) : wordEnd(line, end)
      continue
    }
    at = quoted ? end + 1 : end
    if (!take(key, value)) return undefined
  }
}

function skipSpace(line: string, from: number): number {
  let at = from
  while (line.charCodeAt(at) <= 32) at++
  return at
}

/** At an equals sign, a quote, white space or the end. */
function keyEnd(line: string, from: number): number {
  let at = from
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code === 61 || code === 34 || code <= 32) break
  }
  return at
}

function wordEnd(line: string, from: number): number {
  let at = from
  while (line.charCodeAt(at) > 32) at++
  return at
}

function badKey(line: string, from: number, end: number, sign: number): Bad | undefined {
  if (sign === 34 || (sign === 61 && end === from)) return unexpected(end, sign)
  return line.slice(from, end).includes('\ufffd') ? { at: end, what: INVALID_KEY } : undefined
}

function plainValue(line: string, from: number, end: number): string | Bad {
  const sign = line.charCodeAt(end)
  return sign === 61 || sign === 34 ? unexpected(end, sign) : line.slice(from, end)
}

function quotedValue(line: string, from: number, end: number): string | Bad {
  if (end < 0) return { at: line.length, what: NOT_CLOSED }
  const raw = line.slice(from, end)
  if (!raw.includes('\\')) return raw
  // The library takes \' beside what JSON takes.
  return (
    unescapeJson(raw.replace(/\\([^])/g, (pair, letter) => (letter === "'" ? letter : pair))) ?? {
      at: end + 1,
      what: INVALID_QUOTED,
    }
  )
}

/** Positions are told in bytes of UTF-8, from 1. */
function told(line: string, { at, what }: Bad): string {
  return `logfmt syntax error at pos ${bytesOf(line.slice(0, at)) + 1} : ${what}`
}

function unexpected(at: number, code: number): Bad {
  return { at, what: `unexpected '${String.fromCharCode(code)}'` }
}
