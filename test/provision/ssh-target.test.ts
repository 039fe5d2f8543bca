// Where --host leads, with the user's ssh configuration.
import { expect, test } from 'vitest'
import { resolveTarget } from '#logctl/provision/ssh-target.js'
import { tempFolder } from '../temp-folder.js'

const CONFIG = `
Host logs
  HostName 203.0.113.7
  User ada
  Port 2222
  IdentityFile ~/.ssh/logs
  ProxyJump door,bob@inner:2022
Host door
  HostName door.example.com
  User gate
Host loop
  ProxyJump loop
Host *
  User everybody
`
const home = () => tempFolder({ '.ssh/config': CONFIG })
const resolve = (typed: string) => resolveTarget(typed, { home: home() })

test.each([
  ['root@203.0.113.9', { user: 'root', host: '203.0.113.9', port: 22 }],
  ['root@logs.example.com:2022', { user: 'root', host: 'logs.example.com', port: 2022 }],
  ['ssh://root@logs.example.com:2022/', { user: 'root', host: 'logs.example.com', port: 2022 }],
  ['root@[2001:db8::7]:2022', { user: 'root', host: '2001:db8::7', port: 2022 }],
  ['root@2001:db8::7', { user: 'root', host: '2001:db8::7', port: 22 }],
  ['other', { user: 'everybody', host: 'other', port: 22, jumps: [] }],
  ['logs', { user: 'ada', host: '203.0.113.7', port: 2222 }],
  ['eve@logs:22', { user: 'eve', host: '203.0.113.7', port: 22 }],
])('%s', async (typed, expected) => {
  expect(await resolve(typed)).toMatchObject({ name: typed, ...expected })
})

test('identities and jumps of the configuration', async () => {
  const folder = home()
  const { identities, jumps } = await resolveTarget('logs', { home: folder })
  expect(identities).toEqual([`${folder}/.ssh/logs`])
  expect(jumps.map(({ user, host, port }) => `${user}@${host}:${port}`)).toEqual([
    'gate@door.example.com:22',
    'bob@inner:2022',
  ])
})

test.each(['', '-oProxyCommand=x', 'root@-oX', 'a b', 'root@host:99999', 'root@', 'loop', 'http://x/y'])(
  '"%s" is refused',
  async (typed) => {
    await expect(resolve(typed)).rejects.toMatchObject({ code: 'USAGE' })
  },
)
