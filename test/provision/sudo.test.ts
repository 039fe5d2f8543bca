// How commands become root's, and where a password goes.
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import type { Execute } from '#logctl/provision/host.js'
import { elevated, findElevation } from '#logctl/provision/sudo.js'
import { Secret } from '#logctl/secret.js'

const password = new Secret('pass word')

/** A machine whose sudo answers so. */
const machine =
  ({ uid = '1000', without = 1, accepts = 'pass word' }): Execute =>
  (argv, { input } = {}) => {
    const line = argv.join(' ')
    const status = line.startsWith('sudo -n') ? without : 0
    if (line === 'id -u') return Promise.resolve({ status: 0, stdout: `${uid}\n`, stderr: '' })
    if (!line.startsWith('sudo -k')) return Promise.resolve({ status, stdout: '', stderr: '' })
    const isRight = (input as Secret).open() === `${accepts}\n`
    return Promise.resolve({ status: isRight ? 0 : 1, stdout: '', stderr: 'Sorry, try again.\n' })
  }

test.each([
  ['root', { uid: '0' }, undefined, 'none'],
  ['sudo without a password', { without: 0 }, undefined, 'sudo'],
  ['sudo with one', {}, password, 'password'],
])('%s', async (_, given, known, kind) => {
  const found = await findElevation('x', machine(given), () => Promise.resolve(known))
  expect(found.kind).toBe(kind)
})

test.each([
  ['no sudo', { without: 127 }, password, 'there is no sudo'],
  ['no password', {}, undefined, 'wants a password'],
  ['a wrong password', { accepts: 'other' }, password, 'Sorry, try again.'],
])('%s is an error', async (_, given, known, message) => {
  const finding = findElevation('x', machine(given), () => Promise.resolve(known))
  await expect(finding).rejects.toMatchObject({
    code: 'HOST_SUDO',
    message: expect.stringContaining(message),
  })
})

test('the password goes before what the command reads, never among its arguments', async () => {
  const elevation = { kind: 'password', password } as const
  const plain = elevated(['tee', 'x'], 'body', elevation)
  expect(plain.argv.join(' ')).not.toContain('pass')
  expect((plain.input as Secret).open()).toBe('pass word\nbody')
  const streamed = elevated(['tee', 'x'], () => Readable.from(['bo', 'dy']), elevation)
  expect(await text((streamed.input as () => Readable)())).toBe('pass word\nbody')
})
