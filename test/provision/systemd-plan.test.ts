// The plan of the service, against a machine that is remembered: what it would do, and what it refuses.
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { rehearse } from '#logctl/provision/apply.js'
import { changeText } from '#logctl/provision/change.js'
import { systemdPlan } from '#logctl/provision/plans/systemd.js'
import { memoryHost, memoryMachine, type MemoryMachine } from '#logctl/provision/transports/memory.js'

const bundle = { name: '1.2.3-abcdef', architecture: 'x64', open: () => Readable.from([]) }
const said = (stdout: string) => ({ status: 0, stdout, stderr: '' })

function debian(system = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n'): MemoryMachine {
  const machine = memoryMachine()
  const { answers, files } = machine
  files.set('/run/systemd/system', { kind: 'folder', text: '', mode: '0755', owner: 'root:root' })
  answers.set('cat /etc/os-release', said(system))
  answers.set('uname -m', said('x86_64\n'))
  answers.set('getconf GNU_LIBC_VERSION', said('glibc 2.36\n'))
  answers.set(
    'df -Pk /opt /var/lib',
    said('Filesystem 1K Used Free Cap Mounted\n/dev/sda1 9 9 9000000 9% /\n'),
  )
  answers.set('getent passwd logctl', { status: 2, stdout: '', stderr: '' })
  answers.set('cat /proc/sys/net/core/somaxconn', said('8192\n'))
  answers.set('cat /proc/sys/net/core/rmem_max', said('212992\n'))
  answers.set('cat /proc/sys/net/core/netdev_max_backlog', { status: 1, stdout: '', stderr: 'No such file' })
  return machine
}

async function changes(machine: MemoryMachine, listen?: string): Promise<readonly string[]> {
  const steps = await systemdPlan({ bundle, listen, retention: undefined })
  const found: string[] = []
  for await (const { step, changes: done } of rehearse(memoryHost(machine), steps, { nowMs: () => 0 }))
    found.push(...done.map((change) => `${step}: ${changeText(change)}`))
  return found
}

test('a bare machine', async () => {
  const found = await changes(debian())
  await expect(`${found.join('\n')}\n`).toMatchFileSnapshot('../cases/provision/systemd-bare.txt')
})

test('only what is lower is raised', async () => {
  const found = await changes(debian())
  expect(found.filter((change) => change.includes('/proc/sys/'))).toEqual([
    expect.stringContaining('rmem_max 8388608'),
  ])
})

test('what an earlier setup was told stays, unless a flag says otherwise', async () => {
  const machine = debian()
  machine.files.set('/etc/logctl/logctl.yml', {
    kind: 'file',
    text: `server:\n  listen: [[::]:80]\nretention:\n  age: 90d\n`,
    mode: '0644',
    owner: 'root:root',
  })
  const config = (await systemdPlan({ bundle, listen: undefined, retention: undefined })).find(
    ({ id }) => id === 'config',
  )
  const [change] = await config!.propose(memoryHost(machine))
  expect(change).toMatchObject({ text: expect.stringMatching(/listen: \[\[::\]:80\][^]*age: 90d/) })
})

test.each([
  [
    'a system that is not known',
    debian('ID=plan9\nPRETTY_NAME="Plan 9"\n'),
    'it runs Plan 9; nothing was changed',
  ],
  [
    'a version that is not known',
    debian('ID=debian\nVERSION_ID="10"\nPRETTY_NAME="Debian 10"\n'),
    'Debian 10',
  ],
  ['another processor', saying('uname -m', 'aarch64\n'), 'its processor is aarch64'],
  ['an old C library', saying('getconf GNU_LIBC_VERSION', 'glibc 2.17\n'), 'glibc 2.17'],
  ['a full disk', saying('df -Pk /opt /var/lib', 'x\n/dev/sda1 9 9 2048 9% /\n'), '/ has 2 MiB free'],
])('%s is refused by name', async (_, machine, message) => {
  await expect(changes(machine)).rejects.toMatchObject({
    code: 'HOST_UNSUPPORTED',
    message: expect.stringContaining(message),
  })
})

function saying(command: string, stdout: string): MemoryMachine {
  const machine = debian()
  machine.answers.set(command, said(stdout))
  return machine
}
