// Counts of plain files, which need no order, are those of the records that a scan yields.
import { expect, test } from 'vitest'
import { aggregateByScan } from '#logctl/record/aggregate.js'
import { openFiles } from '#logctl/store/files/index.js'
import { tempFolder } from '../../temp-folder.js'
import { rulesOf } from './rules.js'

const event = (time: string, message: string, more: object): string =>
  `${JSON.stringify({ '@timestamp': time, message, ...more })}\n`

test('what is counted is what a scan yields', async () => {
  const folder = tempFolder({
    '2025-01-11.log': [1, 2, 3].map((n) => event(`2025-01-11T0${n}:00:00Z`, `took ${n}`, { n })).join(''),
    '2025-01-12.log': event('2025-01-12T01:00:00Z', 'took 4', { n: 4, level: 'error' }),
  })
  const files = openFiles(folder, rulesOf())
  const of = { name: 'n', reading: 'number', unreadable: 'kept' } as const
  const group = { by: [{ view: 'entry', name: 'detected_level' }] } as const
  for (const measure of [
    { kind: 'count' },
    { kind: 'last', of },
    { kind: 'quantile', q: 0.5, of },
  ] as const) {
    const request = { where: [], measure, group, maxSeries: 10 }
    const answer = await files.aggregate(request)
    expect(answer.series).toHaveLength(2)
    expect(answer).toEqual(await aggregateByScan(files, request))
  }
})
