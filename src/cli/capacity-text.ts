// A capacity plan as a table, each number with the arithmetic that made it.
import { countText } from '../format/amounts.js'
import { columns } from '../format/columns.js'
import type { Paint } from '../format/paint.js'
import { bytesText } from '../upkeep/capacity/bytes-text.js'
import { PRICES_OF, VOLUME_GB_EUR } from '../upkeep/capacity/hetzner-types.js'
import { type CapacityPlan, LINES_PER_CORE, type CapacityWish } from '../upkeep/capacity/plan-capacity.js'

const MIB = 2 ** 20

/** Ends with a newline. */
export function capacityText(plan: CapacityPlan, wish: CapacityWish, paint: Paint): string {
  const rows = [...diskRows(plan), ...machineRows(plan, wish), ...priceRows(plan)]
  return columns(
    rows.map(([what = '', amount = '', how = '']) => [what, paint('bold', amount), paint('dim', how)]),
  )
}

function diskRows({
  load,
  retention_days: days,
  disk,
  days_until_full: full,
  free_bytes: free,
}: CapacityPlan) {
  const { raw_bytes: raw, stored_bytes: stored, plain_bytes: plain, working_bytes: working } = disk
  const parts = [
    bytesText(stored),
    ...(plain > 0 ? [`${bytesText(plain)} plain`] : []),
    `${bytesText(working)} to work in`,
  ]
  const untilFull = full === null ? 'not within the retention' : `${countText(full)} days`
  return [
    ['logs a day', bytesText(load.bytes_per_day), load.how],
    ['lines a day', countText(load.lines_per_day), ''],
    ['logs kept', bytesText(raw), `${bytesText(load.bytes_per_day)} × ${days} days`],
    ['stored', bytesText(stored), `÷ ${Number(disk.ratio.toFixed(1))}, as they pack`],
    [
      'disk',
      bytesText(disk.needed_bytes),
      `(${parts.join(' + ')}) ÷ ${Number((1 - disk.headroom).toFixed(2))}, to leave room`,
    ],
    ...(free === null ? [] : [['full in', untilFull, `${bytesText(free)} are free here`]]),
  ]
}

function machineRows(plan: CapacityPlan, { peak }: CapacityWish) {
  const { network, connections, cores, memory_bytes: memory } = plan
  return [
    [
      'memory',
      `${countText(Math.ceil(memory / MIB))} MiB`,
      `400 intake + 512 queries + 512 system + ${connections} connections × ¼`,
    ],
    [
      'cores',
      String(cores),
      `${countText(plan.peak_lines_per_s)} lines/s at the peak ÷ ${countText(LINES_PER_CORE)}, one for queries, two at least`,
    ],
    [
      'network',
      bitsText(network.peak_bits_per_s),
      `${bitsText(network.average_bits_per_s)} on average × ${peak} at the peak`,
    ],
    ['connections', countText(connections), ''],
  ]
}

function priceRows({ server }: CapacityPlan) {
  if (!server)
    return [['server', 'none', 'no type of Hetzner Cloud is large enough; see its dedicated servers']]
  const { type, cores, memory_bytes: memory, disk_bytes: disk, volume_bytes: volume } = server
  const size = `${cores} cores, ${memory / 2 ** 30} GiB, ${bytesText(disk)}${volume > 0 ? `, with a volume of ${bytesText(volume)}` : ''}`
  const extra = volume > 0 ? ` + ${bytesText(volume)} × ${VOLUME_GB_EUR}` : ''
  return [
    ['server', type, size],
    [
      'a month',
      eur(server.eur_month),
      `${eur(server.server_eur_month)}${extra}; Hetzner Cloud, without VAT, as of ${PRICES_OF}`,
    ],
  ]
}

const eur = (amount: number): string => `€${amount.toFixed(2)}`

function bitsText(bits: number): string {
  const [value, unit] =
    bits >= 1e9 ? [bits / 1e9, 'Gbit/s'] : bits >= 1e6 ? [bits / 1e6, 'Mbit/s'] : [bits / 1e3, 'kbit/s']
  return `${Number(value.toFixed(1))} ${unit}`
}
