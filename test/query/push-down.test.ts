// Which conditions a scanner is asked for, and which stages remain to be run.
import { expect, test } from 'vitest'
import { parseLog } from '#logctl/query/parse.js'
import { print } from '#logctl/query/print.js'
import { pushDown } from '#logctl/query/push-down.js'

test.each([
  ['|= "a" or "b" != "c" |~ "d" !~ "e"', 4, ''],
  ['| json |= "a" | b="1" != "c"', 3, '| json | b="1"'],
  [
    '|= ip("::1") |> "<_>" != "a" or ip("::1") | logfmt |= "b"',
    2,
    '|= ip("::1") |> "<_>" != "a" or ip("::1") | logfmt',
  ],
  ['| line_format "a" |= "b"', 0, '| line_format "a" |= "b"'],
  ['| a="1" and b=~"x|y"', 2, ''],
  ['| a=~".*x"', 0, '| a=~".*x"'],
  ['| a="1" or b="1"', 1, ''],
  ['| a="1" or b > 1 or c=""', 1, '| a="1" or b>1 or c=""'],
  ['| a="1" or b=~".*x"', 0, '| a="1" or b=~".*x"'],
  ['| a="1" or (b="1" and c="1")', 0, '| a="1" or b="1" and c="1"'],
  ['| json a="b.c" | logfmt | a > 1 | b="x"', 2, '| json a="b.c" | logfmt | a>1 | b="x"'],
  [
    '| json | a_extracted="1" | __error__="1" | a=ip("::1")',
    0,
    '| json | a_extracted="1" | __error__="1" | a=ip("::1")',
  ],
  [
    '| json | label_format a=b, c="d" | a="1" | b="1" | c="1" | e="1"',
    1,
    '| json | label_format a=b,c="d" | a="1" | b="1" | c="1" | e="1"',
  ],
  ['| drop a | b="1"', 1, '| drop a'],
  ['| keep a | a="1"', 0, '| keep a | a="1"'],
  ['| unpack | a="1"', 0, '| unpack | a="1"'],
  ['| a > 1', 1, '| a>1'],
  ['| drop a | a="1"', 0, '| drop a | a="1"'],
])('%s asks a scanner for %i conditions', (text, count, rest) => {
  const query = parseLog(`{} ${text}`)
  const { where, stages } = pushDown(query)
  expect(where).toHaveLength(count)
  expect(print({ ...query, stages })).toBe(`{} ${rest}`.trim())
})

test('each kind of condition', () => {
  expect(pushDown(parseLog('{app="web"} |= "a" or "b" | k!="v" | took >= 1s | __error__=""'))).toMatchObject({
    where: [
      { kind: 'label', name: 'app', op: '=', value: 'web' },
      { kind: 'line', op: '|=', values: ['a', 'b'] },
      { kind: 'field', name: 'k', op: '!=', value: 'v' },
      { kind: 'number', name: 'took', reading: 'duration', op: '>=', value: 1, unreadable: 'dropped' },
    ],
    stages: [{ kind: 'label-filter' }, { kind: 'label-filter' }],
    choices: [],
  })
})
