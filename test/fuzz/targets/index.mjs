// The table of what is fuzzed within one process.
import { config } from './config.mjs'
import { encodings } from './encodings.mjs'
import { elasticsearchBulk, splunkEvents } from './flat-doors.mjs'
import { forward } from './forward.mjs'
import { herokuDrain } from './heroku-drain.mjs'
import { jsonDoor } from './json-door.mjs'
import { labelTexts } from './label-text.mjs'
import { lokiJson } from './loki-json.mjs'
import { lokiProtobuf } from './loki-protobuf.mjs'
import { otlpJson, otlpProtobuf } from './otlp.mjs'
import { queryText } from './query.mjs'
import { regex } from './regex.mjs'
import { stored } from './stored.mjs'
import { syslog, syslogFraming } from './syslog.mjs'
import { vector } from './vector.mjs'

/** @type {readonly import('../rounds.mjs').Target[]} */
export const TARGETS = [
  jsonDoor,
  lokiJson,
  lokiProtobuf,
  herokuDrain,
  elasticsearchBulk,
  splunkEvents,
  syslog,
  syslogFraming,
  otlpJson,
  otlpProtobuf,
  forward,
  vector,
  ...encodings,
  labelTexts,
  queryText,
  regex,
  config,
  ...stored,
]
