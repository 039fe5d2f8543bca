// Checks of the data folder: who may read it, whether it is whole, and whether there is room.
import { access, constants, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../errors.js'
import { bytesText, countOf, durationText } from '../../format/amounts.js'
import { type Check, ok, type Patient, type Verdict, warning, wrong } from './check.js'

const folder: Check = {
  name: 'data folder',
  applies: ({ data }) => data !== undefined,
  async look({ data = '' }) {
    const { mode } = await stat(data)
    const missing = await access(data, constants.R_OK | constants.W_OK | constants.X_OK).catch(messageOf)
    if (missing !== undefined)
      return wrong(`${data}: this user may not use it`, 'run this as the user that the server runs as')
    const open = (mode & 0o027) === 0 ? await openTo(data) : [data]
    if (open.length > 0)
      return wrong(
        `${open.slice(0, 3).join(', ')} can be read or changed by others`,
        `chmod -R g-w,o-rwx ${data}`,
      )
    return ok(`${data}, mode ${(mode & 0o777).toString(8).padStart(4, '0')}`)
  },
}

/** Files directly within that others may read. */
async function openTo(data: string): Promise<string[]> {
  const names = await readdir(data)
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(data, name)
      const info = await stat(path).catch(() => undefined)
      // A socket's own mode says little: the folder guards it.
      return info && !info.isSocket() && (info.mode & 0o007) !== 0 ? path : undefined
    }),
  )
  return found.filter((path) => path !== undefined)
}

const readable: Check = {
  name: 'store',
  applies: () => true,
  look: ({ store, trouble }) => {
    if (!store)
      return wrong(trouble ?? 'nothing answers', 'see the checks beside this one, and the log of the server')
    if (store.state === 'ok') return ok(`${countOf(store.days, 'day')} in ${countOf(store.parts, 'part')}`)
    return wrong(
      `${store.state}: ${store.detail ?? 'logs are refused'}`,
      'free space on the disk; it goes on by itself',
    )
  },
}

/** From here on a disk fills faster than people look. */
const FULL_SHARE = 0.8

const disk: Check = {
  name: 'disk',
  applies: ({ store }) => store !== undefined,
  look: (patient) => diskVerdict(patient),
}

function diskVerdict({ store, minFreeBytes }: Patient): Verdict {
  const { disk_free_bytes: free = 0, disk_total_bytes: total = 0 } = store ?? {}
  const says = `${bytesText(free)} of ${bytesText(total)} are free`
  if (total === 0) return ok('its size is not known')
  if (free < minFreeBytes)
    return wrong(
      `${says}, less than store.min_free_bytes: logs are refused`,
      'logctl prune --older-than 7d, or a larger disk',
    )
  if (free < total * (1 - FULL_SHARE))
    return warning(`${says}`, 'logctl plan capacity says in how many days it is full; lower retention.age')
  return ok(says)
}

const damage: Check = {
  name: 'damage',
  applies: ({ store }) => store !== undefined,
  look: ({ store }) => {
    const damaged = store?.damaged ?? []
    if (damaged.length === 0) return ok('no damaged files are known')
    return wrong(
      `${countOf(damaged.length, 'file')}: ${damaged.slice(0, 3).join(', ')}`,
      'look at the disk (smartctl, dmesg); restore the days from a backup',
    )
  },
}

/** Closed segments that may wait to be sealed on an ordinary machine, and the one that is open. */
const MOST_SEGMENTS = 5

const backlog: Check = {
  name: 'backlog',
  applies: ({ store, server }) => store?.kind === 'embedded' && server !== undefined,
  look: ({ store }) => {
    const segments = store?.segments ?? 0
    const says = `${countOf(segments, 'segment')} hot, ${bytesText(store?.hot_bytes ?? 0)}`
    return segments > MOST_SEGMENTS
      ? warning(
          `${says}: sealing does not keep up`,
          'more memory or a faster disk; the server log says why a seal failed',
        )
      : ok(says)
  },
}

const AHEAD_MS = 10 * 60_000
const SILENT_MS = 48 * 3_600_000

const clock: Check = {
  name: 'clock',
  applies: ({ store }) => store !== undefined,
  look: ({ store, nowMs }) => {
    const newest = store?.newest_arrival
    if (newest === undefined) return ok(`${new Date(nowMs).toISOString()}; nothing has arrived yet`)
    const age = nowMs - Date.parse(newest)
    if (age < -AHEAD_MS)
      return wrong(
        `the newest log arrived ${durationText(-age)} from now: the clock was set back`,
        'timedatectl set-ntp true',
      )
    if (age > SILENT_MS)
      return warning(
        `nothing has arrived for ${durationText(age)}, unless the clock jumped`,
        'check the senders, and timedatectl',
      )
    return ok(`the newest log arrived ${durationText(age)} ago`)
  },
}

export const FOLDER_CHECKS: readonly Check[] = [folder, readable, disk, damage, backlog, clock]
