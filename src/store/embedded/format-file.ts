// `format.json`: which version of the layout a data folder has. Readers take all earlier ones and refuse newer ones.
import { access, constants, readFile } from 'node:fs/promises'
import { errnoOf, fail, messageOf } from '../../errors.js'
import { type Steps, makeFolder, writeDurably } from './durable.js'
import { formatFile } from './filenames.js'

export const FORMAT = 1

/** Throws DATA_UNREADABLE when there is no data folder, DATA_NEWER when it is of a later version. */
export async function checkFormat(data: string): Promise<void> {
  const format = await readFormat(data)
  if (format === undefined)
    fail('DATA_UNREADABLE', `${data} is not a logctl data folder`, {
      hints: [
        'name the folder with --data or LOGCTL_DATA',
        'or start a server on it: logctl serve --data DIR',
      ],
    })
}

/** Makes the folder a data folder unless it is one already. */
export async function ensureFormat(steps: Steps, data: string): Promise<void> {
  await makeFolder(data).catch((error: unknown) =>
    fail('DATA_UNREADABLE', `${data} cannot be made a data folder: ${messageOf(error)}`, { cause: error }),
  )
  if ((await readFormat(data)) !== undefined) return
  await writeDurably(
    steps,
    'format',
    formatFile(data),
    Buffer.from(`${JSON.stringify({ format: FORMAT })}\n`),
  )
}

async function readFormat(data: string): Promise<number | undefined> {
  let text: string
  try {
    text = await readFile(formatFile(data), 'utf8')
    await access(data, constants.R_OK | constants.X_OK)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return undefined
    return fail('DATA_UNREADABLE', `${data} cannot be read: ${messageOf(error)}`, { cause: error })
  }
  const format = parseFormat(text)
  if (format === undefined) fail('DATA_DAMAGED', `${formatFile(data)} is not what logctl writes`)
  if (format > FORMAT)
    fail('DATA_NEWER', `${data} has format ${format}; this logctl reads up to format ${FORMAT}`, {
      hints: ['use the version of logctl that wrote it, or a newer one'],
    })
  return format
}

function parseFormat(text: string): number | undefined {
  try {
    const { format } = JSON.parse(text) as { format?: unknown }
    return Number.isInteger(format) ? (format as number) : undefined
  } catch {
    return undefined
  }
}
