// The status of a gRPC answer. What Vector does with each decides: it sends a batch again for UNAVAILABLE,
// RESOURCE_EXHAUSTED and INTERNAL, and drops it for good on UNAUTHENTICATED, PERMISSION_DENIED, OUT_OF_RANGE and
// INVALID_ARGUMENT. So nothing that a person can put right (a key, a limit, a full disk) is told by one of the latter.
import type { FailureCode, LogctlError } from '../../errors.js'

/** Numbers of grpc/doc/statuscodes.md. */
export const GRPC = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
} as const

const BY_CODE: Partial<Readonly<Record<FailureCode, number>>> = {
  UNAUTHORIZED: GRPC.UNAVAILABLE,
  FORBIDDEN: GRPC.UNAVAILABLE,
  RATE_LIMITED: GRPC.UNAVAILABLE,
  CLIENT_SLOW: GRPC.UNAVAILABLE,
  // Bytes that are broken stay so however often they are sent.
  BODY_INVALID: GRPC.INVALID_ARGUMENT,
  BODY_TOO_LARGE: GRPC.RESOURCE_EXHAUSTED,
  QUERY_INVALID: GRPC.FAILED_PRECONDITION,
  MEDIA_UNSUPPORTED: GRPC.UNIMPLEMENTED,
  METHOD_NOT_ALLOWED: GRPC.UNIMPLEMENTED,
  NOT_FOUND: GRPC.NOT_FOUND,
  BUG: GRPC.INTERNAL,
}

/** Whatever else fails is the server's own trouble of the moment. */
export function statusOf({ code }: LogctlError): number {
  return BY_CODE[code] ?? GRPC.UNAVAILABLE
}

/** Percent-encoded as gRPC over HTTP/2 wants its `grpc-message`. */
export function statusMessage(text: string): string {
  const bytes = Buffer.from(text.slice(0, 1000))
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte <= 0x7e && byte !== PERCENT
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('')
}

const PERCENT = 0x25
