// Heroku's log drains, which wait five seconds for an answer, drop what gets a 4xx, and send the rest three times. Its
// frame id, the same in every attempt, makes one of them.
import { decompress } from '../../decode/compression.js'
import { FORMATS } from '../../decode/formats/index.js'
import type { Labels } from '../../record/labels.js'
import { drainToken } from '../drain-keys.js'
import type { Door } from './door.js'
import { sendCounts } from './json.js'

const MOST_FRAME_ID = 255
const MOST_APP_NAME = 128

export const herokuDoor: Door = {
  name: 'heroku',
  paths: ['/heroku/drain', '/events'],
  errors: 'json',
  sender({ request, query }, { drains }) {
    const drain = drains.get(drainToken(request.headers) ?? '')
    return { tenant: drain?.tenant, labels: labelsOf(drain?.app ?? query.get('app')) }
  },
  decompress: (body, { headers }, limitBytes) => decompress(body, headers['content-encoding'], limitBytes),
  decode: (body, _request, context) => FORMATS['heroku-drain'](body, context),
  idempotencyKey({ headers }) {
    const id = headers['logplex-frame-id']
    if (typeof id !== 'string' || id === '' || id.length > MOST_FRAME_ID) return undefined
    return JSON.stringify([drainToken(headers)?.slice(0, MOST_FRAME_ID), id])
  },
  answer: sendCounts,
}

/** `https://…/heroku/drain?app=shop`, for drains of private spaces, which have no token. */
function labelsOf(app: string | null): Labels | undefined {
  return app === null || app === '' ? undefined : { app: app.slice(0, MOST_APP_NAME) }
}

/** Whether a body that came to a path of several doors is a drain's. */
export function isDrain(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/logplex-1'
}
