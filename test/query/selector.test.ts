// Selectors, as tail and grep take them: pairs of files say which conditions they are and how they are refused.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { LogctlError } from '#logctl/errors.js'
import { parse, parseLog } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { selection } from '#logctl/query/selection.js'

const CASES = new URL('../cases/query/selector/', import.meta.url)
const names = readdirSync(CASES).flatMap((file) => /^(.*)\.in$/.exec(file)?.[1] ?? [])

test.each(names)('%s', (name) => {
  const text = readFileSync(new URL(`${name}.in`, CASES), 'utf8')
  expect(answer(text)).toEqual(JSON.parse(readFileSync(new URL(`${name}.out.json`, CASES), 'utf8')))
})

test('positions are where nodes begin, in lines and columns from 1', () => {
  const { at, matchers, stages } = parseLog('# first\n  {app="web",\n level="x"}\n|= "a"')
  expect([at, ...matchers.map(({ at }) => at), ...stages.map(({ at }) => at)]).toEqual([
    { line: 2, column: 3 },
    { line: 2, column: 4 },
    { line: 3, column: 2 },
    { line: 4, column: 1 },
  ])
})

function answer(text: string): { print?: string; conditions?: unknown; error?: unknown } {
  try {
    return { print: print(parse(text)), conditions: selection({ selector: text }) }
  } catch (thrown) {
    if (!(thrown instanceof LogctlError)) throw thrown
    return { ...thrown.toJSON() }
  }
}
