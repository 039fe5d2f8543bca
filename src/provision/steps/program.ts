// The program in a folder of its version, and the link that says which version counts. Going back is a link too.
import type { Bundle } from '../bundle.js'
import type { Step } from '../step.js'

export const PROGRAMS = '/opt/logctl'
export const CURRENT = `${PROGRAMS}/current`

/** Unpacked beside, tried, and renamed: a folder with the name of a version is always whole. */
const UNPACK = `
set -e
umask 022
rm -rf -- "$1.partial"
mkdir -p -- "$1.partial"
trap 'rm -rf -- "$1.partial"' EXIT
tar -xzf - --no-same-owner -C "$1.partial"
chmod -R a+rX,go-w "$1.partial"
"$1.partial/node/bin/node" "$1.partial/bin/run.js" --version >&2
sync
mv -T -- "$1.partial" "$1"
`

export function programStep({ name, open }: Bundle): Step {
  const folder = `${PROGRAMS}/${name}`
  return {
    id: 'program',
    title: `logctl ${name} with its Node`,
    async propose(host) {
      const isThere = (await host.read(`${folder}/bin`))?.kind === 'folder'
      if (isThere) return []
      const argv = ['sh', '-c', UNPACK, 'unpack', folder]
      return [{ kind: 'run', argv, because: `${folder} is not there`, input: open }]
    },
  }
}

export function currentStep({ name }: Bundle): Step {
  return {
    id: 'current',
    title: `${name} is the version that counts`,
    async propose(host) {
      const found = await host.read(CURRENT)
      return found?.kind === 'link' && found.text === name
        ? []
        : [{ kind: 'link', path: CURRENT, target: name }]
    },
  }
}
