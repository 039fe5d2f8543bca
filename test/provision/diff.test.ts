// What a change does to a file, for people.
import { expect, test } from 'vitest'
import { diffOf } from '#logctl/provision/diff.js'
import { Secret } from '#logctl/secret.js'

const put = (text: string | Secret, before?: string) =>
  diffOf({ kind: 'put', path: '/etc/x', text, before, mode: '0644', owner: 'root:root' })

test('lines that go and come', () => {
  expect(put('a\nc\n', 'a\nb\n')).toBe('--- /etc/x\n+++ /etc/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n')
})

test('a new file, and one that goes', () => {
  expect(put('a\n')).toBe('--- /dev/null\n+++ /etc/x\n@@ -0,0 +1,1 @@\n+a\n')
  expect(diffOf({ kind: 'remove', path: '/etc/x', before: 'a\n' })).toContain('+++ /dev/null')
})

test('a secret is not shown, old or new', () => {
  const text = put(new Secret('hush'), 'old')
  expect(text).not.toMatch(/hush|old/)
  expect(text).toContain('secret')
})
