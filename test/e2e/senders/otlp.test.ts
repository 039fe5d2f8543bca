// The official OpenTelemetry exporters of logs, over HTTP with protobuf and JSON, and over gRPC.
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs'
import { expect, test } from 'vitest'
import { runServer } from '../../server/running-server.js'

const EXPORTERS: readonly (readonly [string, (http: string, grpc: string) => LogRecordExporter])[] = [
  ['http/protobuf', (http) => new ProtobufExporter({ url: `${http}/v1/logs` })],
  ['http/json', (http) => new JsonExporter({ url: `${http}/v1/logs` })],
  ['grpc', (_http, grpc) => new GrpcExporter({ url: grpc.replace('grpc:', 'http:') })],
]

test.each(EXPORTERS)('%s', async (_, exporterTo) => {
  const { server, store, url } = await runServer({ config: { server: { grpc_listen: ['127.0.0.1:0'] } } })
  const exporter = exporterTo(url, server.grpcUrls[0] ?? '')
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'shop', 'host.id': 'h-1' }),
    processors: [new BatchLogRecordProcessor({ exporter })],
  })
  const logger = provider.getLogger('orders')
  for (let number = 0; number < 1000; number++)
    logger.emit({
      severityNumber: number === 0 ? 17 : 9,
      body: `order ${number} was taken`,
      attributes: { number, 'http.route': '/orders' },
    })
  await provider.forceFlush()
  await provider.shutdown()
  expect(store.records).toHaveLength(1000)
  expect(new Set(store.records.map(({ line }) => line)).size).toBe(1000)
  expect(store.records[0]).toMatchObject({
    labels: { service_name: 'shop' },
    level: 'error',
    line: 'order 0 was taken',
    fields: { number: 0, http_route: '/orders' },
  })
  expect(store.records[999]).toMatchObject({ level: 'info', line: 'order 999 was taken' })
})
