// What a message from Heroku holds beside its line: the parts of its header, the router's logfmt, and the metrics of
// dynos and add-ons (`sample#memory_total=21.22MB`), each as a field.
import type { Labels } from '../record/labels.js'
import type { Scalar } from '../record/record.js'

/** The parts of the header are undefined where there was none. */
export interface HerokuMessage {
  /** The message itself. */
  readonly line: string
  readonly priority?: number | undefined
  readonly time?: string | undefined
  /** `host`, or a drain's token. */
  readonly host?: string | undefined
  /** `app`, `heroku`, or an add-on. */
  readonly app?: string | undefined
  /** `web.1`, `run.1234`, `router`. */
  readonly process?: string | undefined
  readonly id?: string | undefined
}

/** What Logplex writes where it knows nothing. */
const NOTHING = new Set(['-', 'host', ''])
/** Router fields that are numbers, some with a unit (`service=18ms`). */
const NUMBERS = new Set(['connect', 'service', 'status', 'bytes'])
const NUMBER = /^-?\d{1,15}(?:\.\d{1,15})?(?=$|[A-Za-z%]{1,10}$)/
const METRIC = /^(?:sample|measure|count)#/
const HAS_METRIC = /(?:^|\s)(?:sample|measure|count)#/
/** A pair of logfmt; a value may be quoted, or empty. */
const PAIR = /(?<=^|\s)([^\s="]{1,256})=(?:"((?:[^"\\]|\\[^])*)"|([^\s"]*))(?=\s|$)/g
/** Lines of the router and of metrics are shorter. UTF-16 units. */
const LONGEST_PARSED = 16_384

/** Puts the fields of a message into `fields`, `most` at most. */
export function herokuFields(
  message: HerokuMessage,
  labels: Labels,
  fields: Record<string, Scalar>,
  most: number,
): void {
  const { app, process, host = '', id = '', priority } = message
  let room = most
  const put = (name: string, value: Scalar): void => {
    // As `| logfmt` names what a label has the name of already.
    const free = name in labels ? `${name}_extracted` : name
    if (room > 0 && !(free in fields)) {
      fields[free] = value
      room--
    }
  }
  if (app !== undefined) put('app_name', app)
  if (process !== undefined) put('proc_id', process)
  if (priority !== undefined) put('priority', priority)
  if (!NOTHING.has(host) && !host.startsWith('d.')) put('hostname', host)
  if (!NOTHING.has(id)) put('msg_id', id)
  if (isParsed(message)) putPairs(message.line, put)
}

function isParsed({ app, process, line }: HerokuMessage): boolean {
  if (line.length > LONGEST_PARSED) return false
  return (app === 'heroku' && process === 'router') || HAS_METRIC.test(line)
}

function putPairs(line: string, put: (name: string, value: Scalar) => void): void {
  for (const [, sent = '', quoted, bare = ''] of line.matchAll(PAIR)) {
    const value = quoted === undefined ? bare : quoted.replace(/\\([^])/g, '$1')
    const isNumber = METRIC.test(sent) || NUMBERS.has(sent)
    const name = sent.replace(/^(?=\d)|[^A-Za-z0-9_]/g, '_')
    if (value !== '') put(name, isNumber ? numberOf(value) : value)
  }
}

/** The number without its unit; the text where it is none. */
function numberOf(value: string): Scalar {
  const number = NUMBER.exec(value)?.[0]
  return number === undefined || !Number.isFinite(Number(number)) ? value : Number(number)
}
