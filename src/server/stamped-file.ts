// Reads a small file with a stamp that tells whether it has changed since: for files that commands write and a running
// server looks at again.
import { type BigIntStats, closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { errnoOf } from '../errors.js'

/** Two equal stamps mean an unchanged file; undefined means no file. */
export type FileStamp = string | undefined

export interface StampedText {
  readonly text: string
  readonly stamp: string
}

export function stampOfFile(path: string): FileStamp {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && stampText(stat)
}

/** Undefined where there is no file. Throws what `tooLarge` throws, given its bytes, and what the system throws. */
export function readStamped(
  path: string,
  mostBytes: number,
  tooLarge: (bytes: bigint) => never,
): StampedText | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'r')
    const stat = fstatSync(descriptor, { bigint: true })
    if (stat.size > mostBytes) tooLarge(stat.size)
    return { text: readFileSync(descriptor, 'utf8'), stamp: stampText(stat) }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw error
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function stampText({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}:${size}:${mtimeNs}`
}
