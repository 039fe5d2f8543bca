// The data sets of the bench by name: how each is made, by which door it goes in, and what is known to stand in it.
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { kubernetesPushes } from './kubernetes-pushes.mjs'
import * as week from './kubernetes-week.mjs'
import * as day from './navigator-day.mjs'

/**
 * @typedef {object} DataSet
 * @property {string} about
 * @property {(wanted: { events: number, seed?: number, days?: number }) => Generator<Buffer>} make
 * @property {'/api/v1/logs' | '/loki/api/v1/push'} door
 * @property {boolean} bodyPerLine Each line is a request body of its own, else bodies are cut between lines.
 * @property {string} date A day of it.
 * @property {number} days
 * @property {{ word: string, events: number }} rare
 * @property {string} phrase
 * @property {string} absent
 * @property {string} value Stands in a field, not in the line.
 * @property {{ tenant?: string, selector: string, text: string, sql: string }} one Whose last lines are asked for:
 *   `text` is how a line of NDJSON names it.
 */

const inWeek = {
  date: week.KUBERNETES_DATE,
  days: 7,
  rare: week.KUBERNETES_RARE,
  phrase: week.KUBERNETES_PHRASE,
  absent: week.KUBERNETES_ABSENT,
  value: 'E_TIMEOUT',
  one: { selector: '{app="payments-api"}', text: '"app":"payments-api"', sql: "app = 'payments-api'" },
}

/** @type {Readonly<Record<string, DataSet>>} */
export const DATA_SETS = {
  navigator: {
    about: 'access logs of one UTC day, 60 tenants, flat and ASCII',
    make: day.navigatorDay,
    door: '/api/v1/logs',
    bodyPerLine: false,
    date: day.NAVIGATOR_DATE,
    days: 1,
    rare: day.NAVIGATOR_RARE,
    phrase: day.NAVIGATOR_PHRASE,
    absent: day.NAVIGATOR_ABSENT,
    value: '100.64.17.4',
    one: { tenant: 'denver', selector: '{}', text: '"tenant":"denver"', sql: "_tenant = 'denver'" },
  },
  kubernetes: {
    about: '5,000 streams over 7 days in random order, nested, escaped, with drifting types',
    make: week.kubernetesWeek,
    door: '/api/v1/logs',
    bodyPerLine: false,
    ...inWeek,
  },
  'kubernetes-loki': {
    about: "the same week by Loki's push door",
    make: kubernetesPushes,
    door: '/loki/api/v1/push',
    bodyPerLine: true,
    ...inWeek,
  },
}

/** A data set of a name that a person gave. @param {string} name @returns {DataSet} */
export function dataSet(name) {
  const found = DATA_SETS[name]
  if (!found) throw new Error(`no data set is called ${name}: ${Object.keys(DATA_SETS).join(', ')}`)
  return found
}

/**
 * Writes a data set to a file or stdout.
 * @param {DataSet} set @param {{ events: number, seed: number, days?: number, file?: string }} wanted
 */
export async function writeDataSet(set, { file, ...wanted }) {
  const pieces = Readable.from(set.make(wanted), { highWaterMark: 2 })
  await pipeline(pieces, file === undefined ? process.stdout : createWriteStream(file))
}
