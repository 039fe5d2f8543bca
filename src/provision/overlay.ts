// A host over another one for rehearsals: it reads through, keeps what is written to itself, and runs nothing.
import { Secret } from '../secret.js'
import type { Entry, Host } from './host.js'

const DONE = { status: 0, stdout: '', stderr: '' } as const

export function overlay(host: Host): Host {
  const kept = new Map<string, Entry | undefined>()
  return {
    name: host.name,
    ask: (argv) => host.ask(argv),
    read: (path) => (kept.has(path) ? Promise.resolve(kept.get(path)) : host.read(path)),
    run: () => Promise.resolve(DONE),
    put(path, { text, mode, owner }) {
      kept.set(path, { kind: 'file', text: text instanceof Secret ? text.open() : text, mode, owner })
      return Promise.resolve()
    },
    makeFolder(path, { mode, owner }) {
      kept.set(path, { kind: 'folder', text: '', mode, owner })
      return Promise.resolve()
    },
    link(path, target) {
      kept.set(path, { kind: 'link', text: target, mode: '0777', owner: 'root:root' })
      return Promise.resolve()
    },
    remove(path) {
      kept.set(path, undefined)
      return Promise.resolve()
    },
    close: () => host.close(),
  }
}
