// Every pair under test/cases/decode/<format>: the bytes of NAME.in give what NAME.out.json says, to the letter.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FORMATS } from '#logctl/decode/formats/index.js'
import { contextOf, type Given } from '../given.js'

const CASES = join(import.meta.dirname, '../../cases/decode')

interface Expected {
  readonly given?: Given
  readonly [key: string]: unknown
}

describe.each(Object.entries(FORMATS))('%s', (format, decode) => {
  const folder = join(CASES, format)
  const names = readdirSync(folder).filter((file) => file.endsWith('.in'))

  it.each(names)('%s', (file) => {
    const expected = JSON.parse(
      readFileSync(join(folder, file.replace(/in$/, 'out.json')), 'utf8'),
    ) as Expected
    const { given, ...decoded } = expected
    const actual = decode(readFileSync(join(folder, file)), contextOf(given))
    expect(JSON.parse(JSON.stringify(actual))).toEqual(decoded)
    // `toEqual` compares `__proto__` as a prototype; texts compare it as the name that it is.
    expect(actual.records.map((record) => JSON.stringify(record))).toEqual(
      (decoded['records'] as unknown[]).map((record) => JSON.stringify(record)),
    )
  })
})
