// Whole machines for tests: systemd as their first process, sshd, a journal, a network namespace of their own. One
// root filesystem is built once; each machine is an overlay over it and up in about a second. Needs root on Debian.
// Settings of the kernel that are not of a namespace (fs, vm) stay read-only within, so that nothing reaches this one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { $, which } from 'zx'

/** An overlay cannot lie on an overlay, which temporary folders may be. */
const LAB = '/var/tmp/logctl-test-hosts'
const PACKAGES = 'systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,procps,libpam-systemd'
/** Asks nspawn to start the machine again. */
const REBOOT = 133
const TOOLS = ['mmdebstrap', 'systemd-nspawn', 'ip', 'ssh-keygen']

const quiet = $({ quiet: true })

/** What is missing here for a whole machine, for people; empty when nothing is. */
export async function missingForHosts() {
  const found = await Promise.all(TOOLS.map((tool) => which(tool, { nothrow: true })))
  const tools = TOOLS.filter((_, index) => !found[index])
  return process.getuid?.() === 0 ? tools : ['root', ...tools]
}

/**
 * Builds the root filesystem where it is not there yet: about a minute, from the package mirror of this machine.
 * It comes to its place whole, whoever else builds it at the same time.
 */
export async function buildRoot() {
  const system = await readFile('/etc/os-release', 'utf8')
  const release = /^VERSION_CODENAME=(\w+)/m.exec(system)?.[1] ?? 'bookworm'
  const root = path.join(LAB, `${release}-1`)
  await mkdir(LAB, { recursive: true })
  if (await readFile(path.join(root, 'etc/os-release')).catch(() => undefined)) return root
  const beside = await mkdtemp(path.join(LAB, 'building-'))
  await quiet`mmdebstrap --quiet --mode=root --variant=minbase --include=${PACKAGES} ${release} ${beside}`
  await quiet`chmod 755 ${beside}`
  await rename(beside, root).catch(() => rm(beside, { recursive: true, force: true }))
  return root
}

/**
 * Starts a machine that root gets into with `key`. Resolves when sshd answers.
 * @param {{ root: string, name: string, network: number }} wanted `network` makes the address: 10.232.N.2
 */
export async function startHost({ root, name, network }) {
  const folder = await mkdtemp(path.join(LAB, `${name}-`))
  const upper = path.join(folder, 'upper')
  const work = path.join(folder, 'work')
  const tree = path.join(folder, 'tree')
  const key = path.join(folder, 'key')
  const [ours, address] = [`10.232.${network}.1`, `10.232.${network}.2`]
  for (const part of [upper, work, tree]) await mkdir(part)
  await quiet`ssh-keygen -q -t ed25519 -N '' -f ${key}`
  await quiet`mount -t overlay overlay -o lowerdir=${root},upperdir=${upper},workdir=${work} ${tree}`
  await writeFile(path.join(tree, 'etc/hostname'), `${name}\n`)
  await mkdir(path.join(tree, 'root/.ssh'), { recursive: true, mode: 0o700 })
  await writeFile(path.join(tree, 'root/.ssh/authorized_keys'), await readFile(`${key}.pub`), { mode: 0o600 })
  await quiet`ip netns add ${name}`
  await quiet`ip link add v${name} type veth peer name host0 netns ${name}`
  await quiet`ip addr add ${ours}/30 dev v${name}`
  await quiet`ip link set v${name} up`
  for (const args of [
    ['addr', 'add', `${address}/30`, 'dev', 'host0'],
    ['link', 'set', 'host0', 'up'],
    ['link', 'set', 'lo', 'up'],
  ])
    await quiet`ip -n ${name} ${args}`
  const machine = { name, address, key, folder, tree, isStopping: false, running: Promise.resolve() }
  machine.running = keepRunning(machine)
  await answering(machine)
  return machine
}

/** As a machine does, it comes again after a reboot. @param {any} machine */
async function keepRunning(machine) {
  const log = await open(path.join(machine.folder, 'console.log'), 'a')
  const args = ['-q', '--register=no', '--keep-unit', '-D', machine.tree, '-b']
  const own = [`--network-namespace-path=/run/netns/${machine.name}`, `--machine=${machine.name}`]
  const may = ['--console=passive', '--capability=CAP_NET_ADMIN,CAP_NET_RAW']
  let status = REBOOT
  while (status === REBOOT && !machine.isStopping) {
    const child = spawn('systemd-nspawn', [...args, ...own, ...may], {
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network' },
    })
    machine.child = child
    ;[status] = await once(child, 'exit')
  }
  await log.close()
}

/** Runs a command on the machine. @param {any} machine @param {string} command */
export function on(machine, command) {
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'ConnectTimeout=2',
  ]
  const flags = options.flatMap((option) => ['-o', option])
  return quiet({ nothrow: true })`ssh ${flags} -i ${machine.key} root@${machine.address} ${command}`
}

/** Waits until it has come up, or come up again. @param {any} machine */
export async function answering(machine, limitMs = 120_000) {
  const until = Date.now() + limitMs
  while ((await on(machine, 'true')).exitCode !== 0) {
    if (Date.now() > until)
      throw new Error(`${machine.name} does not answer; see ${machine.folder}/console.log`)
    await sleep(200)
  }
}

/** Switches it off and removes everything of it. @param {any} machine */
export async function stopHost(machine) {
  machine.isStopping = true
  await on(machine, 'systemctl poweroff')
  const isOff = await Promise.race([machine.running.then(() => true), sleep(20_000, false)])
  if (!isOff) {
    machine.child?.kill('SIGKILL')
    await machine.running
  }
  const mild = quiet({ nothrow: true })
  await mild`umount ${machine.tree}`
  await mild`ip netns del ${machine.name}`
  await mild`ip link del v${machine.name}`
  await rm(machine.folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined)
}
