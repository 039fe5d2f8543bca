// Whether a machine can be set up at all: asked before anything is changed, and refused by name.
import { fail } from '../../errors.js'
import type { Witness } from '../host.js'
import type { Step } from '../step.js'

/** By ID of os-release; versions as VERSION_ID begins. */
const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  debian: ['11', '12', '13'],
  ubuntu: ['20.04', '22.04', '24.04'],
  rhel: ['8', '9'],
  rocky: ['8', '9'],
  almalinux: ['8', '9'],
}

/** As `uname -m` says what Node calls otherwise. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'x64', aarch64: 'arm64' }

/** The oldest that Node's and DuckDB's compiled parts run on. */
const GLIBC = [2, 28] as const

/** For the program twice, and for logs to begin with. KiB. */
const FREE_KIB = 1024 * 1024

const TOOLS = ['tar', 'gzip', 'flock', 'stat', 'sha256sum', 'useradd', 'systemctl']

export function fitnessStep(architecture: string): Step {
  return {
    id: 'fitness',
    title: 'a system that logctl knows',
    async propose(host) {
      await checkSystem(host)
      await checkProcessor(host, architecture)
      await checkTools(host)
      await checkSpace(host)
      return []
    },
  }
}

/** Throws HOST_UNSUPPORTED. */
async function checkSystem(host: Witness): Promise<void> {
  const { stdout } = await host.ask(['cat', '/etc/os-release'])
  const value = (name: string): string =>
    new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(stdout)?.[1]?.trim() ?? ''
  const [id, version] = [value('ID'), value('VERSION_ID')]
  const known = SYSTEMS[id]?.some((one) => version === one || version.startsWith(`${one}.`))
  if (!known)
    refuse(host, `it runs ${value('PRETTY_NAME') || id || 'no system that says its name'}`, [
      'known are Debian 11 to 13, Ubuntu 20.04 to 24.04, and RHEL, Rocky and Alma 8 and 9',
    ])
  if ((await host.read('/run/systemd/system'))?.kind !== 'folder')
    refuse(host, 'systemd does not run there', [])
}

async function checkProcessor(host: Witness, architecture: string): Promise<void> {
  const machine = (await host.ask(['uname', '-m'])).stdout.trim()
  if (ARCHITECTURES[machine] !== architecture)
    refuse(host, `its processor is ${machine}, and the modules here are for ${architecture}`, [
      `run setup from a machine of the same kind`,
    ])
  const said = (await host.ask(['getconf', 'GNU_LIBC_VERSION'])).stdout
  const [, major = 0, minor = 0] = (/glibc (\d+)\.(\d+)/.exec(said) ?? []).map(Number)
  if (major < GLIBC[0] || (major === GLIBC[0] && minor < GLIBC[1]))
    refuse(host, `its C library is ${said.trim() || 'not glibc'}`, [`logctl needs glibc ${GLIBC.join('.')}`])
}

async function checkTools(host: Witness): Promise<void> {
  const find = 'for tool; do command -v "$tool" >/dev/null || echo "$tool"; done'
  const { stdout } = await host.ask(['sh', '-c', find, 'sh', ...TOOLS])
  const missing = stdout.trim().split('\n').filter(Boolean)
  if (missing.length > 0) refuse(host, `it lacks ${missing.join(', ')}`, [])
}

async function checkSpace(host: Witness): Promise<void> {
  const { stdout } = await host.ask(['df', '-Pk', '/opt', '/var/lib'])
  for (const line of stdout.trim().split('\n').slice(1)) {
    const [, , , free, , mounted] = line.split(/\s+/)
    if (Number(free) < FREE_KIB)
      refuse(host, `${mounted} has ${Math.round(Number(free) / 1024)} MiB free`, ['1 GiB is needed'])
  }
}

function refuse({ name }: Witness, why: string, hints: readonly string[]): never {
  return fail('HOST_UNSUPPORTED', `${name}: ${why}; nothing was changed`, { hints })
}
