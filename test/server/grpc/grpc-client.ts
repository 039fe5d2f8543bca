// A real gRPC client for tests: @grpc/grpc-js, given a method by its path and messages as bytes.
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { onTestFinished } from 'vitest'

export interface Answer {
  readonly code: number
  readonly details: string
  readonly message: Buffer | undefined
}

export interface TestClient {
  call(path: string, message: Buffer, headers?: Readonly<Record<string, string>>): Promise<Answer>
  close(): void
}

const same = (bytes: Buffer): Buffer => bytes

/** `gzip` compresses every message; `channel` is for TLS. */
export function grpcClient(
  url: string,
  { gzip = false, channel = credentials.createInsecure() } = {},
): TestClient {
  const client = new Client(url.replace(/^grpcs?:\/\//, ''), channel, {
    // Each test has a connection of its own.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_send_message_length': -1,
    ...(gzip ? { 'grpc.default_compression_algorithm': 2 } : {}),
  })
  onTestFinished(() => client.close())
  return {
    close: () => client.close(),
    call: (path, message, headers = {}) =>
      new Promise((resolve) => {
        const metadata = new Metadata()
        for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
        client.makeUnaryRequest(
          path,
          same,
          same,
          message,
          metadata,
          (error: ServiceError | null, answer?: Buffer) => {
            resolve({ code: error?.code ?? 0, details: error?.details ?? '', message: answer })
          },
        )
      }),
  }
}
