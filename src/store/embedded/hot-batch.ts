// A batch of the hot log that is on disk: its frame, and its lines, in memory or read again from the segment's file.
import { closeSync, openSync, readSync } from 'node:fs'
import type { Frame } from './frame.js'

export class HotBatch {
  #lines: Buffer | undefined
  #path = ''

  /** `offset` is the place of its lines in the file. */
  constructor(
    readonly frame: Frame,
    lines: Buffer,
    readonly offset: number,
  ) {
    this.#lines = lines
  }

  /** Whether `lines` is memory that is used again once it is given up; what is read from the file is the caller's. */
  get isShared(): boolean {
    return this.#lines !== undefined
  }

  /**
   * The record lines, each with its newline. Where they are shared, whoever lets others run has to look again. Throws
   * ENOENT when the memory is given up and the file is removed, which is when the records have long been in parts.
   */
  get lines(): Buffer {
    return this.#lines ?? this.#read()
  }

  /** From now on the lines are read from the file; it stays longer than queries that began before may take. */
  giveUpMemory(path: string): void {
    this.#lines = undefined
    this.#path = path
  }

  #read(): Buffer {
    const lines = Buffer.allocUnsafeSlow(this.frame.bytes)
    const fd = openSync(this.#path, 'r')
    try {
      for (let done = 0; done < lines.length;) {
        const read = readSync(fd, lines, done, lines.length - done, this.offset + done)
        if (read === 0) throw new Error(`${this.#path} is shorter than it was`)
        done += read
      }
    } finally {
      closeSync(fd)
    }
    return lines
  }
}
