// JSON files that carry their own checksum: the last key, `crc32`, covers every byte before it.
import { crc32 } from 'node:zlib'

const MARK = ',"crc32":'

/** The JSON text of an object that has at least one key, with its checksum as the last one. */
export function printChecked(value: object): Buffer {
  const body = JSON.stringify(value).slice(0, -1)
  return Buffer.from(`${body}${MARK}${crc32(body)}}\n`)
}

/** The object, or undefined when the text was cut, changed or never ours. */
export function parseChecked(content: Buffer): unknown {
  const mark = content.lastIndexOf(MARK)
  if (mark < 0) return undefined
  const body = content.subarray(0, mark)
  const tail = /^(\d{1,10})\}\n?$/.exec(content.subarray(mark + MARK.length).toString('latin1'))
  if (!tail || Number(tail[1]) !== crc32(body)) return undefined
  try {
    return JSON.parse(`${body.toString()}}`) as unknown
  } catch {
    return undefined
  }
}
