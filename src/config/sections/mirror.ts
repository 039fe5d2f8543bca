// The section `mirror`: plain daily files that the server also writes, for people's own scripts.
import { z } from 'zod'
import { textAs } from '../leaf.js'

/** Which `%` a path of daily files may have (strftime). */
const KNOWN = /%(?:[Ymd%])/g

/** A path names one file a day: it says year, month and day, and nothing else of the time. */
function isDaily(path: string): boolean {
  const hasAll = ['%Y', '%m', '%d'].every((part) => path.replaceAll('%%', '').includes(part))
  return hasAll && !path.replaceAll(KNOWN, '').includes('%') && !path.endsWith('/')
}

const daily = () =>
  textAs('a path with %Y, %m and %d in it, such as /logs/%Y-%m-%d.log', (given) =>
    isDaily(given) ? given : undefined,
  )

export const mirrorSection = z.strictObject({
  path: daily()
    .optional()
    .describe('Also append every event, as a line of JSON, to the file of its day: /logs/%Y-%m-%d.log.'),
  errors: daily()
    .optional()
    .describe('Also append errors to a file of their own: /logs/errors-%Y-%m-%d.log.'),
})
