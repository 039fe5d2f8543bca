// Templates of files for machines: places, and what is a mistake.
import { expect, test } from 'vitest'
import { render } from '#logctl/provision/template.js'

test('fills every place', () => {
  expect(render('a <%= one %> b <%=two_2%> <%= one %>\n', { one: '1', two_2: '$& <%= one %>' }, 't')).toBe(
    'a 1 b $& <%= one %> 1\n',
  )
})

test.each([
  ['a variable without a value', '<%= one %>', {}, 'wants one'],
  ['a value without a place', 'text', { one: '1' }, 'no place for one'],
  ['a name of every object', '<%= constructor %>', {}, 'wants constructor'],
  ['logic', '<% if (one) %>', { one: '1' }, 'a place that is none'],
  ['a name that is none', '<%= One %>', {}, 'a place that is none'],
])('%s is a mistake', (_, template, values, message) => {
  expect(() => render(template, values, 't')).toThrow(message)
})
