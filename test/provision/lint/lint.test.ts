// Every rule has a file that breaks it and one that is clean; what lint says of the first stands beside it.
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { lintText } from '#logctl/cli/lint-text.js'
import { LogctlError } from '#logctl/errors.js'
import { plain } from '#logctl/format/paint.js'
import { FORMATS, lint } from '#logctl/provision/lint/index.js'
import { KINDS } from '#logctl/provision/lint/kinds.js'
import { CASES, lintCases } from './cases.js'

const cases = lintCases()

describe.each(cases)('$name', ({ name, wrong, right }) => {
  test('is told as it is', async () => {
    await expect(lintText([lint(wrong)], plain)).toMatchFileSnapshot(path.join(CASES, name, 'expected.txt'))
  })

  test('made right it is clean', () => {
    expect(lint(right).findings).toEqual([])
  })

  test('the right file is of the kind that the rules are of', () => {
    // A retention file becomes part of another file.
    if (name !== 'loki-retention') expect(lint(right).kind).toBe(lint(wrong).kind)
  })

  test('cut off anywhere it gives findings, and no failure', () => {
    const { kind } = lint(wrong)
    for (let end = 0; end < wrong.text.length; end += 11) {
      const { findings } = lint({ ...wrong, text: wrong.text.slice(0, end) }, kind)
      for (const { line, column } of findings) expect(Math.min(line, column)).toBeGreaterThan(0)
    }
  })
})

test('every rule has a case that triggers it', () => {
  const triggered = new Set(cases.flatMap(({ wrong }) => lint(wrong).findings.map(({ rule }) => rule)))
  const all = FORMATS.flatMap(({ kind, rules }) => rules.map(({ name }) => `${kind}/${name}`))
  expect(all.filter((rule) => !triggered.has(rule))).toEqual([])
  expect(new Set(all).size).toBe(all.length)
})

test('every format can be named', () => {
  expect(FORMATS.map(({ kind }) => kind).toSorted()).toEqual([...KINDS].toSorted())
})

test.each([
  ['sources = [', 'vector.toml', 'vector'],
  ['a: [1', 'compose.yml', 'compose'],
  ['a: 1\n  b: 2', 'deploy.yml', 'kamal'],
  ['{'.repeat(40), 'nginx.conf', 'nginx'],
  ['server { listen 80', 'nginx.conf', 'nginx'],
  ['server { } }', 'nginx.conf', 'nginx'],
  ['/a.log {\n daily\n', 'logrotate.d/a', 'logrotate'],
  ['/a.log {\n postrotate\n x\n}', 'logrotate.d/a', 'logrotate'],
  ['/a.log\n', 'logrotate.d/a', 'logrotate'],
  ['[Unit]\nnonsense', 'a.service', 'systemd'],
  ['User=a', 'a.service', 'systemd'],
  ['no setting', 'sysctl.conf', 'sysctl'],
  ['['.repeat(60_000), 'compose.yml', 'compose'],
  [`a = ${'['.repeat(60_000)}`, 'vector.toml', 'vector'],
])('no file of its program: %#', (text, name, kind) => {
  const linted = lint({ path: name, text })
  expect([linted.kind, linted.findings.map(({ rule }) => rule)]).toEqual([kind, [`${kind}/syntax`]])
})

test('a bomb of aliases does not go off', () => {
  const bomb = ['a0: &a0 [x, x, x]']
  for (let at = 1; at < 12; at++)
    bomb.push(`a${at}: &a${at} [${Array.from({ length: 9 }, () => `*a${at - 1}`).join(', ')}]`)
  expect(lint({ path: 'compose.yml', text: bomb.join('\n') }).findings[0]?.rule).toBe('compose/syntax')
})

test('wildcards without number do not take for ever', () => {
  const stars = `/srv/${'*a'.repeat(60)}.log`
  const text = `${stars} {\n copytruncate\n}\n${stars}x {\n copytruncate\n}\n`
  expect(lint({ path: 'logrotate.d/x', text }).findings).toEqual([])
})

test('a file that nothing tells is refused with the kinds there are', () => {
  const file = { path: 'notes.txt', text: 'buy milk' }
  expect(() => lint(file)).toThrow(LogctlError)
  expect(() => lint(file)).toThrow('neither name nor content')
})

test('what a file holds cannot drive the terminal', () => {
  const text = 'services:\n  "a\\e[31m\\nb": {}\n'
  expect(lintText([lint({ path: 'compose.yml', text })], plain)).toContain(String.raw`a\e[31m\nb`)
})

test('places are right behind windows line ends and wide letters', () => {
  const text = '# é\r\n[sinks.ä]\r\n'.replace('ä', '"ä"') + 'type = "file"\r\ncondition = "x"\r\n'
  const [finding] = lint({ path: 'vector.toml', text }).findings
  expect([finding?.line, finding?.column]).toEqual([4, 1])
})
