// Each file of test/cases/server/loki is a request to Loki's API and its answer.
import { beforeAll, expect, test } from 'vitest'
import { type Running, runServer } from '../../running-server.js'
import { answerOf, caseNames, pushData, readCase } from './cases.js'

let running: Running

beforeAll(async () => {
  const stops: (() => Promise<void>)[] = []
  running = await runServer({}, (stop) => void stops.push(stop))
  await pushData(running.url)
  return async () => {
    for (const stop of stops) await stop()
  }
})

test.each(caseNames)('%s', async (file) => {
  const { status, answer, ...asked } = readCase(file)
  expect(await answerOf(running.url, { status, answer, ...asked })).toEqual({ status, answer })
})
