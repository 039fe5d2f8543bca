// Speaks Loki's API to a server of a test: pushes streams, asks with parameters, reads answers.
import { expect } from 'vitest'

export interface Pushed {
  readonly stream: Record<string, string>
  readonly values: readonly (readonly [string, string] | readonly [string, string, Record<string, string>])[]
}

export type Parameters = Readonly<Record<string, string | number | readonly string[]>>

export async function push(url: string, streams: readonly Pushed[], headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    body: JSON.stringify({ streams }),
    headers: { 'content-type': 'application/json', ...headers },
  })
  expect([answer.status, await answer.text()]).toEqual([204, ''])
}

export function search(parameters: Parameters): URLSearchParams {
  const all = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters))
    for (const one of Array.isArray(value) ? value : [value]) all.append(name, String(one))
  return all
}

export function ask(
  url: string,
  path: string,
  parameters: Parameters = {},
  headers: Record<string, string> = {},
) {
  return fetch(`${url}${path}?${search(parameters)}`, { headers })
}

/** The JSON of a good answer, without `stats`, which measures. */
export async function answer(
  url: string,
  path: string,
  parameters: Parameters = {},
  headers: Record<string, string> = {},
): Promise<unknown> {
  const got = await ask(url, path, parameters, headers)
  const text = await got.text()
  expect([got.status, text]).toEqual([200, text])
  return withoutStats(JSON.parse(text))
}

/** `stats` measures, so that it is looked at and taken away. */
export function withoutStats(body: { data?: { stats?: unknown } }): unknown {
  const { data } = body
  if (data?.stats === undefined) return body
  const { stats, ...rest } = data
  expect(stats).toMatchObject({ summary: { execTime: expect.any(Number) }, ingester: {}, querier: {} })
  return { ...body, data: rest }
}

/** Status and text of a refusal. */
export async function refusal(
  url: string,
  path: string,
  parameters: Parameters = {},
  headers: Record<string, string> = {},
): Promise<[number, string]> {
  const got = await ask(url, path, parameters, headers)
  expect(got.headers.get('content-type')).toContain('text/plain')
  expect(got.headers.get('x-content-type-options')).toBe('nosniff')
  return [got.status, (await got.text()).split('\n')[0] ?? '']
}

/** Nanoseconds of 2025-01-11T00:00:00Z and so many seconds, as Loki's clients write times. */
export function at(seconds: number, ns = 0): string {
  return `${1_736_553_600 + seconds}${String(ns).padStart(9, '0')}`
}

export const DAY = { start: at(0), end: at(86_400) }
