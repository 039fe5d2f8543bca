// A machine that is looked at and changed. Looking and changing are different keys: who only looks gets a Witness.
import type { Readable } from 'node:stream'
import type { Secret } from '../secret.js'

/** How a command ended. */
export interface Answer {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** What lies at a path. */
export interface Entry {
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  /** Of a file; of a link, where it points. Empty for anything else. */
  readonly text: string
  /** As `chmod` takes it, four digits. */
  readonly mode: string
  /** `user:group`. */
  readonly owner: string
}

export interface Witness {
  /** How messages name the machine. */
  readonly name: string
  /** Runs a command that changes nothing. Any status is an answer. */
  ask(argv: readonly string[]): Promise<Answer>
  /** Undefined where nothing lies there. */
  read(path: string): Promise<Entry | undefined>
}

export interface NewFile {
  readonly text: string | Secret
  readonly mode: string
  readonly owner: string
  /** What was seen there; the file is not replaced when it holds something else by now. Absent: no matter what. */
  readonly before?: string | undefined
}

/** What a command reads; a secret goes this way and never among its arguments. */
export type Input = string | Secret | (() => Readable)

export interface RunOptions {
  readonly input?: Input | undefined
  /** Called with what it says on stdout, as it comes. */
  readonly said?: ((text: string) => void) | undefined
}

export interface Host extends Witness {
  run(argv: readonly string[], options?: RunOptions): Promise<Answer>
  /** Written beside and renamed, so that nobody ever reads half of it. Throws STEP_FAILED. */
  put(path: string, file: NewFile): Promise<void>
  /** Makes the folder and its parents, or changes its mode and owner. Throws STEP_FAILED. */
  makeFolder(path: string, folder: { readonly mode: string; readonly owner: string }): Promise<void>
  /** Makes the link, or turns it at once. Throws STEP_FAILED. */
  link(path: string, target: string): Promise<void>
  /** A file or a link. Throws STEP_FAILED. */
  remove(path: string): Promise<void>
  close(): Promise<void>
}

/** What a transport has to offer: running a command as the user who may change the machine. */
export type Execute = (argv: readonly string[], options?: RunOptions) => Promise<Answer>
