// How the logs are kept, as text: the server with its addresses and doors, the store with its disk, today.
import { bytesText, countOf, countText, durationText } from '../format/amounts.js'
import { columns } from '../format/columns.js'
import { doorUseText } from '../format/keys-table.js'
import type { Paint } from '../format/paint.js'
import { printableCell } from '../format/printable.js'
import type { StatusReport } from './read-status.js'

/** Ends with a newline. */
export function statusText(report: StatusReport, { paint, nowMs }: { paint: Paint; nowMs: number }): string {
  const sections: [string, string[][]][] = [
    ['server', serverRows(report, paint)],
    ['doors', doorRows(report)],
    ['keys', keyRows(report, nowMs)],
    ['store', storeRows(report, paint, nowMs)],
    [`today, ${report.today.date}`, todayRows(report)],
  ]
  return sections
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => `${paint('bold', title)}\n${columns(rows, { indent: 2 })}`)
    .join('\n')
}

function serverRows({ server }: StatusReport, paint: Paint): string[][] {
  if (!server) return [['running', 'no; the folder is read itself']]
  const connections = server.listeners.map(({ url, kind, connections }) => [
    kind,
    `${url}, ${countOf(connections, 'connection')}`,
  ])
  const { mirror } = server
  const mirrorState =
    mirror?.state === 'ok' ? paint('green', 'ok') : paint('red', `failed: ${mirror?.detail}`)
  return [
    ['version', server.version],
    ['process', `${server.pid}, up ${durationText(server.uptime_s * 1000)}`],
    [
      'memory',
      `${bytesText(server.memory.rss_bytes)}, ${bytesText(server.memory.in_flight_bytes)} in flight`,
    ],
    ['live tails', countText(server.tails)],
    ...(mirror
      ? [['mirror', `${printableCell(mirror.path)}, ${mirrorState}, ${countText(mirror.behind)} behind`]]
      : []),
    ...connections,
  ]
}

function doorRows({ doors }: StatusReport): string[][] {
  return doors.map(({ door, lines, bytes, requests, refused }) => [
    door,
    `${countOf(lines, 'line')}, ${bytesText(bytes)} in ${countOf(requests, 'request')}`,
    refused > 0 ? `${countText(refused)} refused` : '',
  ])
}

function keyRows({ keys }: StatusReport, nowMs: number): string[][] {
  return keys.map(({ name, last_seen: seen, doors }) => [
    printableCell(name),
    `${durationText(nowMs - Date.parse(seen))} ago`,
    doors.map(doorUseText).join('; '),
  ])
}

function storeRows({ store }: StatusReport, paint: Paint, nowMs: number): string[][] {
  const state = paint(store.state === 'ok' ? 'green' : 'red', store.state)
  const { newest_arrival: newest } = store
  return [
    ['state', store.detail === undefined ? state : `${state}: ${printableCell(store.detail)}`],
    ['folder', printableCell(store.path)],
    ['newest log', newest === undefined ? 'none yet' : `${durationText(nowMs - Date.parse(newest))} ago`],
    [
      'kept',
      `${countOf(store.days, 'day')} in ${countOf(store.parts, 'part')}, ${bytesText(store.stored_bytes)}`,
    ],
    ['hot', `${countOf(store.segments, 'segment')}, ${bytesText(store.hot_bytes)}`],
    ['disk', diskText(store)],
    ...store.damaged.map((file) => [paint('red', 'damaged'), printableCell(file)]),
  ]
}

function diskText({ disk_free_bytes: free, disk_total_bytes: total }: StatusReport['store']): string {
  const share = total > 0 ? ` (${((free / total) * 100).toFixed(0)} %)` : ''
  return `${bytesText(free)} of ${bytesText(total)} free${share}`
}

function todayRows({ today }: StatusReport): string[][] {
  return [
    ['entries', countText(today.total)],
    ['errors', countText(today.errors)],
    ['bytes', bytesText(today.bytes)],
  ]
}
