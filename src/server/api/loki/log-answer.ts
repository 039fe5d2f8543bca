// Answers a log query: its entries, as streams.
import type { LogQuery } from '../../../query/ast.js'
import { runLog } from '../../../query/run-log.js'
import { requireSelective } from '../../../query/require-selective.js'
import { turns } from '../../../record/turns.js'
import { checkEntryLimit } from './entry-limit.js'
import type { Asked } from './loki-route.js'
import { beyond } from './loki-route.js'
import { boundsOf, direction, interval, limit, timeRange } from './parameters.js'
import { sendPieces } from './send.js'
import { CATEGORIZE, gatherStreams, streamPieces } from './streams.js'
import { encodingFlags } from './encoding-flags.js'

/** Lines and labels of an answer are held in memory until they are sorted. Characters. */
const MOST_CHARS = 32 * 1024 * 1024
/** A larger answer keeps its turn until it is taken, so that few of them stand in memory at once. Characters. */
const LARGE_CHARS = 1024 * 1024

export async function answerLog(asked: Asked, query: LogQuery): Promise<void> {
  const { parameters, service, scanner, options } = asked
  requireSelective(query)
  const entryLimit = limit(parameters)
  const request = {
    ...boundsOf(timeRange(parameters, asked.nowNs)),
    direction: direction(parameters),
    limit: entryLimit,
    intervalNs: interval(parameters),
  }
  checkEntryLimit(entryLimit, service.settings.config)
  const categorized = encodingFlags(asked.exchange).includes(CATEGORIZE)
  const streams = gatherStreams(categorized)
  const giveWay = turns(options.signal)
  let entries = 0
  let chars = 0
  const gather = async (): Promise<void> => {
    for await (const piece of runLog(scanner, query, request, options))
      for (const entry of piece) {
        entries += 1
        chars += entry.line.length
        if (chars > MOST_CHARS)
          throw beyond(`the answer has more than ${MOST_CHARS} characters, ask for fewer entries`)
        streams.add(entry)
        const turn = giveWay()
        if (turn) await turn
      }
  }
  await asked.inTurn('heavy', async () => {
    await gather()
    if (chars > LARGE_CHARS) await sendPieces(asked, pieces())
  })
  if (chars <= LARGE_CHARS) await sendPieces(asked, pieces())

  function* pieces(): Generator<string> {
    const flags = categorized ? `"encodingFlags":["${CATEGORIZE}"],` : ''
    yield `{"status":"success","data":{"resultType":"streams",${flags}"result":[`
    yield* streamPieces(streams.sorted())
    yield `],"stats":${JSON.stringify(asked.stats(entries))}}${warningsJson(asked)}}`
  }
}

/** What keeps the answer from being whole. */
export function warningsJson({ warnings }: Asked): string {
  return warnings.length === 0 ? '' : `,"warnings":${JSON.stringify(warnings)}`
}
