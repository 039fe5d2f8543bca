// The table of gRPC methods: Vector's own protocol, OTLP's logs, and the health check that both ecosystems know.
import { Reader } from 'protobufjs/minimal.js'
import { decodeOtlpProtobuf } from '../../decode/formats/otlp-protobuf.js'
import { decodeVector } from '../../decode/formats/vector.js'
import type { DecodeContext, Decoded } from '../../decode/decoded.js'
import { eachField, lengthTag } from '../../decode/protobuf.js'
import { fail, messageOf } from '../../errors.js'
import { tenantForWrite } from '../access.js'
import { decodeContext, takeIn } from '../ingest/intake.js'
import { otlpDoor, protobufAnswer } from '../ingest/otlp.js'
import type { Service } from '../service.js'
import type { GrpcCall } from './call.js'

export interface GrpcMethod {
  readonly scope: 'open' | 'ingest'
  /** The label `door` of its metrics; undefined where nothing is taken in. */
  readonly door?: string
  /** Gives the answer's message. */
  readonly handle: (message: Buffer, call: GrpcCall, service: Service) => Promise<Buffer>
}

/** Has no path of HTTP, so that it stands in no other table. */
export const VECTOR_DOOR = { name: 'vector' } as const

const NOTHING = Buffer.alloc(0)
const LOGS_SERVICE = 'opentelemetry.proto.collector.logs.v1.LogsService'
const SERVICES: ReadonlySet<string> = new Set(['', 'vector.Vector', LOGS_SERVICE])
/** grpc.health.v1.HealthCheckResponse {1 status}. */
const SERVING = Buffer.from([8, 1])
const NOT_SERVING = Buffer.from([8, 2])

export const METHODS: ReadonlyMap<string, GrpcMethod> = new Map<string, GrpcMethod>([
  // The answer of Vector's own sources is an empty message, whatever became of each event.
  ['/vector.Vector/PushEvents', ingest(VECTOR_DOOR.name, decodeVector, () => NOTHING)],
  // Needs a key, so that a sender with a wrong one hears of it when it starts. Empty is SERVING.
  ['/vector.Vector/HealthCheck', { scope: 'ingest', handle: async () => NOTHING }],
  [`/${LOGS_SERVICE}/Export`, ingest(otlpDoor.name, decodeOtlpProtobuf, protobufAnswer)],
  [
    '/grpc.health.v1.Health/Check',
    { scope: 'open', handle: async (message, _call, service) => health(message, service) },
  ],
])

function ingest<Form extends Decoded>(
  door: string,
  decode: (message: Buffer, context: DecodeContext) => Form,
  answer: (outcome: { readonly rejected: number; readonly decoded: Form }) => Buffer,
): GrpcMethod {
  return {
    scope: 'ingest',
    door,
    async handle(message, { headers, caller }, service) {
      const tenant = tenantForWrite({ headers }, caller)
      const decoded = decode(message, decodeContext(service, tenant))
      const delivery = { door, caller, bytes: message.length, idempotencyKey: undefined }
      const { rejected } = await takeIn(decoded, delivery, service)
      return answer({ rejected, decoded })
    },
  }
}

/** HealthCheckRequest {1 service}. */
function health(message: Buffer, { stopping }: Service): Buffer {
  let asked = ''
  try {
    const reader = new Reader(message)
    eachField(reader, message.length, (tag, stop) => {
      if (tag === lengthTag(1)) asked = message.toString('utf8', reader.pos, stop)
    })
  } catch (error) {
    return fail('BODY_INVALID', `the message is no HealthCheckRequest: ${messageOf(error)}`)
  }
  if (!SERVICES.has(asked)) fail('NOT_FOUND', 'there is no such service here')
  return stopping.aborted ? NOT_SERVING : SERVING
}
