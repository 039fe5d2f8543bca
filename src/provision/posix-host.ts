// A machine with a POSIX shell as a host, whatever carries the commands there: files are read and written by small
// scripts that get everything as arguments or on stdin.
import { createHash } from 'node:crypto'
import { fail } from '../errors.js'
import { Secret } from '../secret.js'
import type { Answer, Entry, Execute, Host, Input } from './host.js'

const READ = `
if [ -L "$1" ]; then kind=link; elif [ -f "$1" ]; then kind=file; elif [ -d "$1" ]; then kind=folder
elif [ -e "$1" ]; then kind=other; else exit 44; fi
set -e
printf '%s ' "$kind"; stat -c '%a %U:%G' -- "$1"
case $kind in link) readlink -- "$1";; file) cat -- "$1";; esac
`

/** The status of READ where nothing lies. */
const NOTHING = 44

const PUT = `
set -e
umask 077
beside="$1.logctl-$$"
trap 'rm -f -- "$beside"' EXIT
cat > "$beside"
chmod -- "$2" "$beside"
chown -- "$3" "$beside"
if [ -n "$4" ] && [ -f "$1" ] && ! echo "$4  $1" | sha256sum -c --status; then
  echo "$1 was changed by somebody else just now" >&2; exit 1
fi
sync -- "$beside" 2>/dev/null || sync
mv -fT -- "$beside" "$1"
`

const FOLDER = 'set -e; mkdir -p -- "$1"; chown -- "$3" "$1"; chmod -- "$2" "$1"'
const LINK = 'set -e; ln -sfn -- "$2" "$1.logctl-$$"; mv -fT -- "$1.logctl-$$" "$1"'

export function posixHost(name: string, execute: Execute, close: () => Promise<void>): Host {
  const script = async (
    what: string,
    text: string,
    args: readonly string[],
    input?: Input,
  ): Promise<Answer> => {
    const answer = await execute(['sh', '-c', text, 'sh', ...args], { input })
    return answer.status === 0 ? answer : failed(name, what, answer)
  }
  return {
    name,
    ask: (argv) => execute(argv),
    read: (path) => read(name, execute, path),
    run: execute,
    async put(path, { text, mode, owner, before }) {
      const hash = before === undefined ? '' : createHash('sha256').update(before).digest('hex')
      await script(`write ${path}`, PUT, [path, mode, owner, hash], text)
    },
    async makeFolder(path, { mode, owner }) {
      await script(`make ${path}`, FOLDER, [path, mode, owner])
    },
    async link(path, target) {
      await script(`link ${path}`, LINK, [path, target])
    },
    async remove(path) {
      await script(`remove ${path}`, 'rm -f -- "$1"', [path])
    },
    close,
  }
}

async function read(name: string, execute: Execute, path: string): Promise<Entry | undefined> {
  const answer = await execute(['sh', '-c', READ, 'sh', path])
  if (answer.status === NOTHING) return undefined
  if (answer.status !== 0) return failed(name, `read ${path}`, answer)
  const end = answer.stdout.indexOf('\n')
  const [kind = '', mode = '', owner = ''] = answer.stdout.slice(0, end).split(' ')
  const text = answer.stdout.slice(end + 1)
  return {
    kind: kind as Entry['kind'],
    text: kind === 'link' ? text.replace(/\n$/, '') : text,
    mode: mode.padStart(4, '0'),
    owner,
  }
}

function failed(name: string, what: string, { status, stderr }: Answer): never {
  return fail('STEP_FAILED', `${name}: cannot ${what}: ${stderr.trim() || `status ${status}`}`)
}

/** The text of a command's input, for transports that write it in one piece. */
export function inputText(input: string | Secret): string {
  return input instanceof Secret ? input.open() : input
}
