// One setup at a time on a machine: the lock is a process there that lives as long as the connection to it.
import { EventEmitter, once } from 'node:events'
import { PassThrough } from 'node:stream'
import { fail } from '../errors.js'
import type { Host } from './host.js'

const FILE = '/run/logctl-setup.lock'

/** The file names its holder for whoever comes next; the lock itself is flock's and dies with its process. */
const HOLD = `
exec 9<>"$1" || exit 1
if ! flock -n 9; then cat <&9 >&2; exit 75; fi
: > "$1"
printf '%s' "$2" >&9
echo held
cat > /dev/null
: > "$1"
`

/** flock's own word for "held by somebody else". */
const HELD = 75

/** Resolves to what lets go of it. Throws HOST_LOCKED with who holds it. */
export async function lock(host: Host, holder: string): Promise<() => Promise<void>> {
  const input = new PassThrough()
  const speaking = new EventEmitter()
  const holds = once(speaking, 'held').then(() => 'held' as const)
  const said = (): void => void speaking.emit('held')
  const ended = host.run(['sh', '-c', HOLD, 'sh', FILE, holder], { input: () => input, said })
  const first = await Promise.race([holds, ended])
  if (first === 'held')
    return async () => {
      input.end()
      // The connection may be gone, and the lock with it.
      await ended.catch(() => undefined)
    }
  input.destroy()
  const why = first.stderr.trim()
  if (first.status === HELD)
    return fail('HOST_LOCKED', `${host.name}: another setup runs there${why ? `: ${why}` : ''}`, {
      hints: ['wait until it is done, and repeat'],
    })
  return fail('STEP_FAILED', `${host.name}: cannot take the lock ${FILE}: ${why || `status ${first.status}`}`)
}
