// Walks protobuf messages field by field, so that nothing is built that is not kept (the wire format's own document:
// tag = field number * 8 + wire type; unknown fields are skipped).
import type { Reader } from 'protobufjs/minimal.js'

/** Wire type 2: bytes behind their length. */
export const LENGTH_DELIMITED = 2

/**
 * Calls back for each field of the message that ends at `end`: at its first byte, where `stop` is the end of what has a
 * length, and 0 for others. The callback reads the value or leaves it; it gives true where it has read one that has no
 * length. Throws RangeError where a field is longer than its message.
 */
export function eachField(
  reader: Reader,
  end: number,
  visit: (tag: number, stop: number) => boolean | void,
): void {
  while (reader.pos < end) {
    const tag = reader.uint32()
    if ((tag & 7) === LENGTH_DELIMITED) {
      const size = reader.uint32()
      const stop = reader.pos + size
      if (stop > end) throw longer()
      visit(tag, stop)
      reader.pos = stop
    } else if (visit(tag, 0) !== true) reader.skipType(tag & 7, 0, tag >>> 3)
  }
  if (reader.pos !== end) throw longer()
}

/** The tag of a field with a length. */
export function lengthTag(field: number): number {
  return field * 8 + LENGTH_DELIMITED
}

/** An int64; what a double cannot hold stays exact as text. */
export function int64(reader: Reader): number | string {
  const long: unknown = reader.int64()
  const number = Number(long)
  return Number.isSafeInteger(number) ? number : String(long)
}

/** A double; JSON has no word for those that are not finite. */
export function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

function longer(): RangeError {
  return new RangeError('a field is longer than its message')
}
