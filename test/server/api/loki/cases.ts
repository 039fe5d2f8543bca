// The case files of Loki's API: what is pushed, and requests with their answers.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Parameters, type Pushed, ask, push, withoutStats } from './loki-client.js'

const FOLDER = join(import.meta.dirname, '../../../cases/server/loki')
const DATA = 'data.json'

export interface Case {
  readonly path: string
  readonly parameters: Parameters
  readonly headers?: Record<string, string>
  readonly status: number
  /** JSON without `stats`, or the first line of a text. */
  readonly answer: unknown
}

export const caseNames = readdirSync(FOLDER).filter((file) => file !== DATA)

export function readCase(file: string): Case {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Case
}

export async function pushData(url: string): Promise<void> {
  const data = JSON.parse(readFileSync(join(FOLDER, DATA), 'utf8')) as (Pushed & { tenant: string })[]
  for (const { tenant, ...stream } of data) await push(url, [stream], { 'x-scope-orgid': tenant })
}

export async function answerOf(url: string, { path, parameters, headers = {} }: Case) {
  const got = await ask(url, path, parameters, headers)
  const text = await got.text()
  const isJson = got.headers.get('content-type')?.startsWith('application/json') ?? false
  const answer: unknown = isJson ? withoutStats(JSON.parse(text)) : text.split('\n')[0]
  return { status: got.status, answer }
}
