// Loki's push API, as Alloy, Promtail, Vector, Fluent Bit and Docker's driver speak it. Its clients want exactly
// 204 for success and show the first line of a refusal.
import { decodeLokiPush } from '../../decode/formats/index.js'
import type { DecodedPush } from '../../decode/formats/loki-push.js'
import { pushMessage } from '../../decode/formats/loki-push.js'
import { sendNothing, sendText } from '../answer.js'
import type { Door, Received } from './door.js'

export const lokiPushDoor: Door<DecodedPush> = {
  name: 'loki',
  paths: ['/loki/api/v1/push'],
  errors: 'text',
  decompress: (body, { headers }, limitBytes) =>
    pushMessage(body, headers['content-type'], headers['content-encoding'], limitBytes),
  decode: (body, request, context) => decodeLokiPush(body, request.headers['content-type'], context),
  answer(received, exchange) {
    if (received.rejected > 0) {
      sendText(exchange, 400, refusal(received))
      return 400
    }
    if (received.decoded.streams === 0) {
      // Loki's own words; senders' tests look for them.
      sendText(exchange, 422, 'error at least one valid stream is required for ingestion')
      return 422
    }
    sendNothing(exchange)
    return 204
  },
}

/** The good entries are stored; a sender drops the batch on 400, which is right, as the rest will never be taken. */
function refusal({ accepted, rejected, decoded, tenant }: Received<DecodedPush>): string {
  const first = decoded.rejections[0]?.reason ?? 'entries were refused'
  return `${first}, user '${tenant ?? 'none'}', total ignored: ${rejected} out of ${accepted + rejected}`
}
