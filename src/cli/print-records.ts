// Prints records as they come, whole pieces at a time: lines for people, or one JSON object a line.
import { recordText } from '../format/record-text.js'
import { type LogRecord, recordToJson } from '../record/record.js'
import type { Session } from './session.js'

/** A printer of records for this session; the text ends with a newline. */
export function recordPrinter({ json, paint, terminal }: Session): (record: LogRecord) => string {
  if (json) return (record) => `${recordToJson(record)}\n`
  return (record) => `${recordText(record, { paint, terminal })}\n`
}

/** Resolves to how many there were. Stops when the pieces end, or when nobody reads any more. */
export async function printRecords(
  session: Session,
  pieces: AsyncIterable<readonly LogRecord[]>,
): Promise<number> {
  const text = recordPrinter(session)
  let count = 0
  for await (const piece of pieces) {
    if (piece.length > 0) await session.out.write(piece.map(text).join(''))
    count += piece.length
  }
  return count
}
