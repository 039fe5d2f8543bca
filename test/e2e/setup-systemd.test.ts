// `logctl setup systemd` on a whole machine: from bare to verified, repeated, drifted, rebooted; and what it refuses.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answering, buildRoot, missingForHosts, on, startHost, stopHost } from '../../scripts/hosts.mjs'
import { ROOT } from '../house/files.js'
import { tempFolder } from '../temp-folder.js'

const LIMIT_MS = 600_000
const missing = await missingForHosts()

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Longer than any other command: the program is packed, carried and unpacked. */
function setup(home: string, ...flags: readonly string[]): Promise<Ended> {
  const argv = [path.join(ROOT, 'bin/run.js'), 'setup', 'systemd', ...flags]
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      argv,
      { env: { PATH: process.env['PATH'], HOME: home }, cwd: home, timeout: LIMIT_MS },
      (_, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    )
  })
}

interface Event {
  readonly step?: string
  readonly outcome?: string
  readonly hosts?: readonly { readonly result: string; readonly changed: number }[]
}

const eventsOf = (stdout: string): readonly Event[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)

const changedIn = (stdout: string): readonly (string | undefined)[] =>
  eventsOf(stdout).flatMap(({ step, outcome }) => (outcome === 'changed' ? [step] : []))

if (missing.length > 0) console.warn(`skipped: setup on whole machines, for want of ${missing.join(', ')}`)

describe.skipIf(missing.length > 0)('on a whole machine', () => {
  let machine: Awaited<ReturnType<typeof startHost>>
  let host = ''
  const home = tempFolder()
  const key = (): Promise<string> =>
    on(machine, 'cat /etc/logctl/keys/sender.key').then(({ stdout }) => stdout.trim())

  beforeAll(async () => {
    const root = await buildRoot()
    machine = await startHost({ root, name: `lt${process.pid % 100_000}`, network: process.pid % 250 })
    host = `root@${machine.address}`
    mkdirSync(path.join(home, '.ssh'), { mode: 0o700 })
    copyFileSync(machine.key, path.join(home, '.ssh', 'id_ed25519'))
  }, LIMIT_MS)

  afterAll(async () => {
    await stopHost(machine)
  }, LIMIT_MS)

  test(
    'a machine that was never seen is not trusted where nobody says so',
    async () => {
      const { status, stderr } = await setup(home, '--host', host)
      expect({ status, stderr }).toMatchObject({
        status: 3,
        stderr: expect.stringMatching(/host key SHA256:.* is not known/),
      })
    },
    LIMIT_MS,
  )

  test(
    'from bare to verified; the rehearsal before it changes nothing',
    async () => {
      const rehearsed = await setup(home, '--host', host, '--yes', '--dry-run', '--diff')
      expect(rehearsed).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('+++ /etc/logctl/logctl.yml'),
      })
      expect((await on(machine, 'test -e /opt/logctl || test -e /etc/logctl')).exitCode).toBe(1)
      const { status, stdout, stderr } = await setup(home, '--host', host, '--yes', '--json')
      expect({ status, stderr }).toMatchObject({ status: 0 })
      expect(eventsOf(stdout).at(-1)?.hosts).toMatchObject([{ result: 'verified' }])
      const secret = await key()
      expect(secret).toMatch(/^lk_[\w-]{43}$/)
      const audit = (await on(machine, 'cat /var/lib/logctl-setup/audit.ndjson; journalctl -o cat')).stdout
      expect(stdout + stderr + audit).not.toContain(secret)
    },
    LIMIT_MS,
  )

  test(
    'its units are what systemd takes, and shut in',
    async () => {
      const said = await on(
        machine,
        'systemd-analyze verify /etc/systemd/system/logctl*.service /etc/systemd/system/logctl*.timer',
      )
      expect(said).toMatchObject({ exitCode: 0, stderr: '' })
      for (const unit of ['logctl.service', 'logctl-prune.service']) {
        const { stdout } = await on(machine, `systemd-analyze security ${unit} | tail -1`)
        expect(Number(/level for [\w.-]+: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThanOrEqual(1.8)
      }
      expect(await on(machine, 'systemctl start logctl-prune.service')).toMatchObject({ exitCode: 0 })
    },
    LIMIT_MS,
  )

  test(
    'a second run changes nothing, and nothing has drifted',
    async () => {
      const again = await setup(home, '--host', host, '--yes', '--json')
      expect(again).toMatchObject({ status: 0 })
      expect(changedIn(again.stdout)).toEqual([])
      expect(await setup(home, '--host', host, '--check')).toMatchObject({ status: 0 })
    },
    LIMIT_MS,
  )

  test(
    'what drifts is noticed and put back; key, logs and answers stay',
    async () => {
      const before = await key()
      await on(
        machine,
        'echo "# mine" >> /etc/systemd/system/logctl.service; systemctl disable logctl-prune.timer; chmod 755 /var/lib/logctl; rm /usr/local/bin/logctl',
      )
      expect(await setup(home, '--host', host, '--check')).toMatchObject({ status: 1 })
      const mended = await setup(home, '--host', host, '--json', '--retention', '7d')
      expect(mended).toMatchObject({ status: 0 })
      expect(changedIn(mended.stdout)).toEqual([
        'folders',
        'command',
        'config',
        'units',
        'logctl.service',
        'logctl-prune.timer',
      ])
      expect(await setup(home, '--host', host, '--check')).toMatchObject({ status: 0 })
      expect((await on(machine, 'grep age: /etc/logctl/logctl.yml')).stdout).toBe('  age: 7d\n')
      expect(await key()).toBe(before)
    },
    LIMIT_MS,
  )

  test(
    'after a reboot it runs, and has what it took',
    async () => {
      const boot = async () =>
        (await on(machine, 'systemctl show --property=UserspaceTimestampMonotonic --value')).stdout
      const before = await boot()
      await on(machine, 'systemctl reboot')
      await expect
        .poll(async () => ![before, ''].includes(await boot()), { timeout: LIMIT_MS, interval: 500 })
        .toBe(true)
      await answering(machine)
      expect(await on(machine, 'logctl verify')).toMatchObject({ exitCode: 0 })
      const { stdout } = await on(machine, "logctl grep 'logctl verify' -c")
      expect(Number(stdout)).toBeGreaterThanOrEqual(6)
      expect(await setup(home, '--host', host, '--check')).toMatchObject({ status: 0 })
    },
    LIMIT_MS,
  )

  test(
    'one setup at a time',
    async () => {
      const holding = on(
        machine,
        "flock /run/logctl-setup.lock sh -c 'echo ada > /run/logctl-setup.lock; sleep 60'",
      )
      await expect
        .poll(async () => (await on(machine, 'cat /run/logctl-setup.lock')).stdout, { timeout: LIMIT_MS })
        .toBe('ada\n')
      const { status, stderr } = await setup(home, '--host', host)
      expect({ status, stderr }).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('another setup runs there: ada'),
      })
      await on(machine, 'pkill sleep')
      await holding
    },
    LIMIT_MS,
  )

  test(
    'a user with sudo sets up too; without, with a wrong password and as nobody it is refused',
    async () => {
      await on(
        machine,
        'useradd -m ada; echo ada:pass | chpasswd; cp -r ~root/.ssh ~ada/; chown -R ada ~ada/.ssh',
      )
      const ada = `ada@${machine.address}`
      expect(await setup(home, '--host', ada, '--check')).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('sudo'),
      })
      await on(machine, 'echo "ada ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/ada')
      expect(await setup(home, '--host', ada, '--check')).toMatchObject({ status: 0 })
      const { status, stderr } = await setup(home, '--host', `eve@${machine.address}`, '--check')
      expect({ status, stderr }).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('no key is taken'),
      })
    },
    LIMIT_MS,
  )

  test(
    'another host key, and another system, are refused by name before anything is changed',
    async () => {
      await on(
        machine,
        'sed -i \'s/^ID=.*/ID=plan9/; s/^PRETTY_NAME=.*/PRETTY_NAME="Plan 9"/\' /etc/os-release',
      )
      const other = await setup(home, '--host', host)
      expect(other).toMatchObject({
        status: 3,
        stderr: expect.stringMatching(/it runs Plan 9; nothing was changed/),
      })
      await on(machine, 'rm /etc/ssh/ssh_host_*; ssh-keygen -A; systemctl restart ssh')
      const changed = await setup(home, '--host', host, '--yes')
      expect(changed).toMatchObject({ status: 3, stderr: expect.stringMatching(/was another one before/) })
      const known = path.join(home, '.ssh', 'known_hosts')
      expect(readFileSync(known, 'utf8').trim().split('\n')).toHaveLength(1)
      rmSync(known)
    },
    LIMIT_MS,
  )
})
