// The Debian packages that tests run as real parts, and how `npm test -- --install` gets the missing ones.
import os from 'node:os'
import { $, which } from 'zx'

/** A package is there when its command is. */
const PACKAGES = [
  { name: 'git', command: 'git', why: 'the list of files that the tests about the repository judge' },
  { name: 'curl', command: 'curl', why: "README's flows send and ask with it" },
  { name: 'faketime', command: 'faketime', why: 'servers whose clock is moved' },
  { name: 'openssl', command: 'openssl', why: 'certificates that logctl did not make, and bare TLS clients' },
  { name: 'jq', command: 'jq', why: "README's flows read NDJSON with it" },
  { name: 'bsdutils', command: 'logger', why: 'a sender of syslog' },
  { name: 'rsyslog', command: 'rsyslogd', why: 'a sender of syslog' },
  { name: 'nginx-light', command: 'nginx', why: 'a sender of syslog' },
  { name: 'openssh-client', command: 'ssh-keygen', why: 'the keys of whole machines that setup is tried on' },
  { name: 'iproute2', command: 'ip', why: 'the networks of whole machines' },
  { name: 'mmdebstrap', command: 'mmdebstrap', why: 'whole machines that setup is tried on' },
  { name: 'systemd-container', command: 'systemd-nspawn', why: 'whole machines that setup is tried on' },
]

/** Packages whose command is not on the path. */
export async function missingPackages() {
  const found = await Promise.all(PACKAGES.map(({ command }) => which(command, { nothrow: true })))
  return PACKAGES.filter((_, index) => !found[index])
}

/** Installs packages with apt-get. Throws where that is not root's Debian. @param {string[]} names */
export async function installPackages(names) {
  if (process.getuid?.() !== 0) throw new Error(`only root can install ${names.join(', ')}`)
  if (!(await which('apt-get', { nothrow: true })))
    throw new Error(`${os.type()} without apt-get: install ${names.join(', ')}`)
  const apt = $({
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  await apt`apt-get -qq -o DPkg::Lock::Timeout=300 update`
  await apt`apt-get -qqy -o DPkg::Lock::Timeout=300 install --no-install-recommends ${names}`
}
