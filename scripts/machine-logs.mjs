// The logs that lie on this machine, as events for the demo: text files under /var/log and npm's own debug logs.
// It reads what is readable and looks like text, so much of each, and changes nothing.
import { open, readdir, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

const FILE_BYTES = 4 * 2 ** 20
const FILES = 60

/**
 * @typedef {object} Event
 * @property {string} time RFC 3339.
 * @property {string} source @property {string} host @property {string} message
 */

/**
 * The events of one file after the other; of a file larger than the limit, its end.
 * @returns {AsyncGenerator<Event[]>}
 */
export async function* machineLogs() {
  let read = 0
  for (const file of [...(await filesUnder('/var/log', 2)), ...(await filesUnder(npmLogs(), 1))]) {
    const text = await readText(file)
    if (text === undefined) continue
    const events = eventsOf(text, file, (await stat(file)).mtime)
    if (events.length === 0) continue
    yield events
    read += 1
    if (read === FILES) return
  }
}

function npmLogs() {
  return path.join(os.homedir(), '.npm', '_logs')
}

/** @param {string} folder @param {number} depth @returns {Promise<string[]>} */
async function filesUnder(folder, depth) {
  /** @type {string[]} */
  const found = []
  // A folder that is missing or closed to this user holds nothing for the demo.
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const where = path.join(folder, entry.name)
    if (entry.isFile() && /(?:\.log|log|messages)(?:\.\d+)?$/.test(entry.name)) found.push(where)
    else if (entry.isDirectory() && depth > 1) found.push(...(await filesUnder(where, depth - 1)))
  }
  return found.sort()
}

/** The end of a text file, from a line's start; undefined where it is binary or may not be read. @param {string} file */
async function readText(file) {
  const handle = await open(file).catch(() => undefined)
  if (!handle) return undefined
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(Math.min(size, FILE_BYTES))
    await handle.read(buffer, 0, buffer.length, size - buffer.length)
    if (buffer.includes(0)) return undefined
    const text = buffer.toString('utf8')
    return size > FILE_BYTES ? text.slice(text.indexOf('\n') + 1) : text
  } finally {
    await handle.close()
  }
}

/**
 * One event a line. A line without a time of its own has that of the line before, or of the file.
 * @param {string} text @param {string} file @param {Date} written
 */
export function eventsOf(text, file, written) {
  const source = sourceOf(file)
  const host = os.hostname()
  /** @type {Event[]} */
  const events = []
  let time = written
  for (const line of text.split('\n')) {
    time = timeOf(line, written) ?? time
    if (line.trim() !== '') events.push({ time: time.toISOString(), source, host, message: line })
  }
  return events
}

/** `dpkg` for /var/log/dpkg.log.1, `apt-history` for /var/log/apt/history.log, `npm` for all of npm's. @param {string} file */
function sourceOf(file) {
  if (file.startsWith(npmLogs())) return 'npm'
  return path
    .relative('/var/log', file)
    .replace(/\.\d+$/, '')
    .replace(/\.log$/, '')
    .replaceAll('/', '-')
}

/**
 * The time near the start of a line: `2025-10-16 23:03:10`, RFC 3339, or syslog's `Oct 16 23:03:10`, which has no
 * year: it is the last one that is not after the file was written. Without an offset it is this machine's time.
 * @param {string} line @param {Date} written
 */
function timeOf(line, written) {
  const full = /(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d:\d\d(?:[.,]\d+)?)(Z|[+-]\d\d:\d\d)?/.exec(line.slice(0, 80))
  if (full) return realTime(`${full[1]}T${full[2]?.replace(',', '.')}${full[3] ?? ''}`)
  const short = /^(?:<\d+>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) /.exec(line)
  if (!short) return undefined
  const [, month, day, clock] = short
  const time = realTime(`${month} ${day} ${written.getFullYear()} ${clock}`)
  return time && time > written ? realTime(`${month} ${day} ${written.getFullYear() - 1} ${clock}`) : time
}

/** @param {string} text */
function realTime(text) {
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? undefined : time
}
