// A server that is killed under load and started again has every line that it acknowledged, once; what it did not
// acknowledge is sent again under the same Idempotency-Key and is stored once as well.
import { expect, test } from 'vitest'
import { logctl, startServer } from '../house/program.js'
import { tempFolder } from '../temp-folder.js'

const SENDERS = 4
const ROUNDS = 5
const LINES = 50

test('killed five times under load, nothing is lost or doubled', async () => {
  const home = tempFolder()
  const data = `${home}/data`
  const sent: string[] = []
  let batch = 0
  for (let round = 0; round < ROUNDS; round++) {
    const server = await startServer(data, home)
    const open = { url: server.url }
    const failed: { key: string; body: string }[] = []
    const sender = async (): Promise<void> => {
      for (;;) {
        const key = `batch-${batch++}`
        const body = Array.from({ length: LINES }, (_, i) =>
          JSON.stringify({ message: `${key} line ${i}` }),
        ).join('\n')
        sent.push(body)
        const answer = await post(open.url, key, body).catch(() => undefined)
        if (answer === undefined) return void failed.push({ key, body })
        expect(answer).toEqual({ accepted: LINES, rejected: 0, errors: [] })
      }
    }
    const senders = Array.from({ length: SENDERS }, sender)
    await new Promise((resolve) => void setTimeout(resolve, 300 + round * 137))
    process.kill(server.pid, 'SIGKILL')
    await Promise.all(senders)
    const next = await startServer(data, home)
    for (const { key, body } of failed) {
      const answer = await post(next.url, key, body)
      expect(answer).toEqual({ accepted: LINES, rejected: 0, errors: [] })
    }
    expect(await next.stop()).toBe(0)
  }
  const { stdout } = await logctl(['grep', 'line', '--json', '--data', data], home)
  const stored = stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { line: string }).line)
  const expected = sent
    .flatMap((body) => body.split('\n'))
    .map((line) => (JSON.parse(line) as { message: string }).message)
  expect(expected.length).toBeGreaterThan(ROUNDS * SENDERS * LINES)
  expect(stored.toSorted()).toEqual(expected.toSorted())
}, 120_000)

async function post(url: string, key: string, body: string): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1/logs`, {
    method: 'POST',
    body,
    headers: { 'idempotency-key': key },
  })
  return answer.json()
}
