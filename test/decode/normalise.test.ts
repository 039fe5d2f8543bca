// Events that did not come as JSON (other doors share the rules): no text of their own, texts of any kind.
import { expect, it } from 'vitest'
import { closeAccount, openAccount } from '#logctl/decode/account.js'
import { addTextLine, type FlatEvent, normaliseEvent } from '#logctl/decode/normalise.js'
import { contextOf } from './given.js'

function decodeOne(event: FlatEvent) {
  const account = openAccount(contextOf())
  normaliseEvent(account, event, undefined, 1)
  return closeAccount(account)
}

it('uses the JSON of the event where no key is its line', () => {
  expect(decodeOne({ time: 0, id: 1, gone: undefined }).records).toMatchObject([
    { timestamp: '1970-01-01T00:00:00.000000000Z', line: '{"time":0,"id":1}', fields: { id: 1 } },
  ])
})

it('repairs its texts and refuses what nests too deep', () => {
  expect(decodeOne({ msg: 'a\0', k: '\ud800' })).toMatchObject({
    records: [{ line: 'a\ufffd', fields: { k: '\ufffd' } }],
    repaired: { text_repaired: 1 },
  })
  let deep: unknown = 'x'
  for (let i = 0; i < 100_000; i++) deep = [deep]
  expect(decodeOne({ deep }).rejected).toEqual({ too_deep: 1 })
  expect(decodeOne({ msg: deep }).rejected).toEqual({ too_deep: 1 })
})

it('counts repairs only of what is kept', () => {
  const account = openAccount(contextOf({ limits: { fields: 1 } }))
  normaliseEvent(account, { msg: 'a\0', x: 'b\0', y: 1 }, undefined, 1)
  normaliseEvent(account, { msg: 'fine', time: 0 }, undefined, 2)
  addTextLine(account, 'text', 3)
  expect(closeAccount(account)).toMatchObject({
    rejected: { too_many_fields: 1 },
    repaired: { time_missing: 1 },
  })
})
