// A machine that is only remembered: files in a map, commands in a list. For tests and for golden plans.
import { Secret } from '../../secret.js'
import type { Answer, Entry, Host, RunOptions } from '../host.js'
import { toShell } from '../quote.js'

export interface MemoryMachine {
  readonly files: Map<string, Entry>
  /** Every command that was run to change something, as a shell would read it. */
  readonly ran: string[]
  /** By the whole command line. What is not here answers 0 and nothing. */
  readonly answers: Map<string, Answer | (() => Answer)>
}

export function memoryMachine(): MemoryMachine {
  return { files: new Map(), ran: [], answers: new Map() }
}

export function memoryHost(machine: MemoryMachine, name = 'memory'): Host {
  const answer = (argv: readonly string[]): Promise<Answer> => {
    const found = machine.answers.get(toShell(argv))
    return Promise.resolve(
      (typeof found === 'function' ? found() : found) ?? { status: 0, stdout: '', stderr: '' },
    )
  }
  const keep = (path: string, entry: Entry): Promise<void> => {
    machine.files.set(path, entry)
    return Promise.resolve()
  }
  return {
    name,
    ask: answer,
    read: (path) => Promise.resolve(machine.files.get(path)),
    run(argv, { said }: RunOptions = {}) {
      machine.ran.push(toShell(argv))
      said?.('')
      return answer(argv)
    },
    put: (path, { text, mode, owner }) =>
      keep(path, { kind: 'file', text: text instanceof Secret ? text.open() : text, mode, owner }),
    makeFolder: (path, { mode, owner }) => keep(path, { kind: 'folder', text: '', mode, owner }),
    link: (path, target) => keep(path, { kind: 'link', text: target, mode: '0777', owner: 'root:root' }),
    remove(path) {
      machine.files.delete(path)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}
