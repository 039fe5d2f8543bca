// Prints Vector's messages (event.proto and vector.proto, in our own words) for tests: what a Vector sends.
import protobuf from 'protobufjs/minimal.js'

type Writer = ReturnType<typeof protobuf.Writer.create>

/** A moment; Vector has its own kind for it. */
export interface Moment {
  readonly seconds: number
  readonly nanos: number
}

/** PushEventsRequest of logs by their fields, each with the metadata that Vector adds to every event. */
export function pushOf(...logs: readonly Readonly<Record<string, unknown>>[]): Buffer {
  const writer = protobuf.Writer.create()
  for (const log of logs) {
    writer.uint32(10).fork().uint32(10).fork()
    for (const [name, value] of Object.entries(log)) writeEntry(writer, name, value)
    // metadata_full {value {map}, secrets {entries}}
    writer.uint32(34).fork().uint32(10).fork().uint32(58).fork().ldelim().ldelim()
    writer.uint32(50).fork().uint32(10).fork().uint32(10).string('api_key').uint32(18).string('secret')
    writer.ldelim().ldelim().ldelim().ldelim().ldelim()
  }
  return Buffer.from(writer.finish())
}

function writeEntry(writer: Writer, name: string, value: unknown): void {
  writer.uint32(10).fork().uint32(10).string(name).uint32(18).fork()
  writeValue(writer, value)
  writer.ldelim().ldelim()
}

export function writeValue(writer: Writer, value: unknown): void {
  if (typeof value === 'string') writer.uint32(10).string(value)
  else if (Buffer.isBuffer(value)) writer.uint32(10).bytes(value)
  else if (typeof value === 'boolean') writer.uint32(48).bool(value)
  else if (typeof value === 'bigint') writer.uint32(32).int64(String(value))
  else if (typeof value === 'number' && Number.isSafeInteger(value)) writer.uint32(32).int64(value)
  else if (typeof value === 'number') writer.uint32(41).double(value)
  else if (value === null) writer.uint32(72).int32(0)
  else if (Array.isArray(value)) {
    writer.uint32(66).fork()
    for (const item of value) {
      writer.uint32(10).fork()
      writeValue(writer, item)
      writer.ldelim()
    }
    writer.ldelim()
  } else if (isMoment(value))
    writer.uint32(18).fork().uint32(8).int64(value.seconds).uint32(16).int32(value.nanos).ldelim()
  else {
    writer.uint32(58).fork()
    for (const [name, inner] of Object.entries(value as object)) writeEntry(writer, name, inner)
    writer.ldelim()
  }
}

function isMoment(value: unknown): value is Moment {
  return typeof value === 'object' && value !== null && 'seconds' in value && 'nanos' in value
}
