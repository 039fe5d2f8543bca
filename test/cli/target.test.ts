// What is asked: the later layer wins, and a running server of the data folder goes before the folder.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { chooseTarget } from '#logctl/cli/target.js'
import { loadConfig } from '#logctl/config/load.js'
import { tempFolder } from '../temp-folder.js'

const SERVER = 'http://127.0.0.1:9'

/** What is asked when these are named, in a home folder of its own. */
async function asked(given: { flags?: object; env?: object; file?: string; home?: string }): Promise<object> {
  const home = given.home ?? tempFolder(given.file === undefined ? {} : { 'logctl.yml': given.file })
  const { flags = {}, env = {} } = given
  return chooseTarget(
    await loadConfig({
      flags: flags as Record<string, unknown>,
      env: env as Record<string, string>,
      cwd: home,
      home,
      isRoot: false,
      etc: home,
    }),
  )
}

const url = { kind: 'url', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:9\/?$/) }
const folder = (path: unknown): object => ({ kind: 'folder', path })

test('a flag wins over a variable, that over the file', async () => {
  expect(await asked({ flags: { data: '/d' }, env: { LOGCTL_SERVER: SERVER } })).toEqual(folder('/d'))
  expect(await asked({ flags: { server: SERVER }, env: { LOGCTL_DATA: '/d' } })).toEqual(url)
  expect(await asked({ env: { LOGCTL_DATA: '/d' }, file: `client: { server: '${SERVER}' }` })).toEqual(
    folder('/d'),
  )
  expect(await asked({ env: { LOGCTL_SERVER: SERVER }, file: 'store: { data: /d }' })).toEqual(url)
})

test('named alike, the server is asked', async () => {
  expect(await asked({ env: { LOGCTL_SERVER: SERVER, LOGCTL_DATA: '/d' } })).toEqual(url)
  expect(await asked({ file: `client: { server: '${SERVER}' }\nstore: { data: /d }` })).toEqual(url)
})

test('a folder of daily files is asked where it is named last', async () => {
  const files = { kind: 'files', path: '/f' }
  expect(await asked({ flags: { dir: '/f' }, env: { LOGCTL_SERVER: SERVER, LOGCTL_DATA: '/d' } })).toEqual(
    files,
  )
  expect(await asked({ file: 'client: { dir: /f }' })).toEqual(files)
  expect(await asked({ file: 'client: { dir: /f }', env: { LOGCTL_DATA: '/d' } })).toEqual(folder('/d'))
  expect(await asked({ file: `client: { dir: /f, server: '${SERVER}' }` })).toEqual(url)
})

test('nothing named is the default folder', async () => {
  expect(await asked({})).toEqual(folder(expect.stringMatching(/\.local\/share\/logctl$/)))
  expect(await asked({ file: 'store: { data: /d }' })).toEqual(folder('/d'))
})

test('a running server of that folder goes before it; one that is gone does not', async () => {
  const data = tempFolder()
  const home = tempFolder({ 'logctl.yml': `store: { data: '${data}' }` })
  const socket = `${data}/control.sock`
  const announce = (file: object): void => writeFileSync(`${data}/server.json`, JSON.stringify(file))

  announce({ pid: process.pid, urls: [SERVER], socket })
  expect(await asked({ home })).toEqual(folder(data))

  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  expect(await asked({ home })).toEqual({ kind: 'socket', socketPath: socket })
  // Who names the folder wants it read.
  expect(await asked({ home, flags: { data } })).toEqual(folder(data))

  announce({ pid: 2 ** 22 + 1, urls: [SERVER], socket })
  expect(await asked({ home })).toEqual(folder(data))
  announce({ pid: -1, urls: [SERVER], socket })
  expect(await asked({ home })).toEqual(folder(data))
  announce({ pid: process.pid, urls: [SERVER] })
  expect(await asked({ home })).toEqual(url)
  writeFileSync(`${data}/server.json`, '{"pid":')
  expect(await asked({ home })).toEqual(folder(data))
  await new Promise((resolve) => server.close(resolve))
})
