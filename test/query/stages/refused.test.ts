// Stages that can be read but not run are refused when they are compiled, in Loki's words.
import { expect, test } from 'vitest'
import { parseLog } from '#logctl/query/parse.js'
import { compileStages } from '#logctl/query/stages/index.js'

test.each([
  ['|~ "("', 'PATTERN_INVALID', 'error parsing regexp: missing closing ): `(`'],
  ['| app=~"["', 'PATTERN_INVALID', 'error parsing regexp: missing closing ]: `[`'],
  [
    '| drop app=~"*"',
    'PATTERN_INVALID',
    'error parsing regexp: missing argument to repetition operator: `*`',
  ],
  ['|= ip("10.0.0.256")', 'QUERY_INVALID', 'ip: invalid pattern "10.0.0.256"'],
  ['|= ip("10.0.0.9-10.0.0.1")', 'QUERY_INVALID', 'ip: invalid pattern "10.0.0.9-10.0.0.1"'],
  ['|~ ip("10.0.0.1")', 'QUERY_INVALID', 'ip: invalid operation'],
  ['| a=ip("::1/129")', 'QUERY_INVALID', 'ip: invalid pattern "::1/129"'],
  ['|> "a <b> <_>"', 'QUERY_INVALID', 'named captures are not allowed'],
  ['|> "<_><_>"', 'QUERY_INVALID', "found consecutive capture '<_>': the expression '<_><_>' is invalid"],
  ['| pattern "no capture"', 'QUERY_INVALID', 'at least one capture is required'],
  ['| pattern "<_> x"', 'QUERY_INVALID', 'at least one capture is required'],
  ['| pattern "<a> <a>"', 'QUERY_INVALID', 'duplicate capture name (a) in pattern'],
  ['| regexp "a(b)"', 'QUERY_INVALID', 'at least one named capture must be supplied'],
  [
    '| json a="b["',
    'QUERY_INVALID',
    'cannot parse expression [b[]: syntax error: unexpected $end, expecting STRING or INDEX',
  ],
  [
    '| json a=""',
    'QUERY_INVALID',
    'cannot parse expression []: syntax error: unexpected $end, expecting LSB or FIELD',
  ],
  [
    '| json a="b.1"',
    'QUERY_INVALID',
    'cannot parse expression [b.1]: syntax error: unexpected INDEX, expecting FIELD',
  ],
  ['| logfmt a="b c"', 'QUERY_INVALID', 'cannot parse expression [b c]: syntax error: unexpected KEY'],
  ['| label_format __error__=a', 'QUERY_INVALID', '__error__ cannot be formatted'],
  [
    '| label_format a=b,a=c',
    'QUERY_INVALID',
    "multiple label name 'a' not allowed in a single format operation",
  ],
  ['| line_format "{{.a"', 'QUERY_INVALID', 'template: line:1: unclosed action'],
  ['| line_format "{{nope .a}}"', 'QUERY_INVALID', 'template: line:1: function "nope" not defined'],
  ['| label_format a="{{if .b}}"', 'QUERY_INVALID', 'template: label:1: unexpected EOF'],
])('%s', (stage, code, reason) => {
  expect(() => compileStages(parseLog(`{x="y"} ${stage}`).stages)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(/^parse error : stage '/) }),
  )
  expect(() => compileStages(parseLog(`{x="y"} ${stage}`).stages)).toThrow(`' : ${reason}`)
})
