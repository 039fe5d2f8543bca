// Files on this machine, written and read as on any other: whole or not at all, with mode and owner.
import { execFileSync } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { localHost } from '#logctl/provision/transports/local.js'
import { Secret } from '#logctl/secret.js'
import { tempFolder } from '../temp-folder.js'

const host = localHost()
const owner = `${userInfo().username}:${execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim()}`

test('what was put is read, with its mode, and nothing is left beside it', async () => {
  const folder = tempFolder()
  const file = path.join(folder, "it's $HOME")
  const text = 'a\n\nü "quoted" \\ $x\n'
  await host.put(file, { text, mode: '0640', owner })
  expect(await host.read(file)).toEqual({ kind: 'file', text, mode: '0640', owner })
  await host.put(file, { text: new Secret('s'), mode: '0600', owner, before: text })
  expect(readFileSync(file, 'utf8')).toBe('s')
  expect(readdirSync(folder)).toEqual(["it's $HOME"])
})

test('a file that somebody else changed meanwhile is not replaced', async () => {
  const folder = tempFolder({ file: 'theirs' })
  const file = path.join(folder, 'file')
  const putting = host.put(file, { text: 'ours', mode: '0600', owner, before: 'seen' })
  await expect(putting).rejects.toMatchObject({
    code: 'STEP_FAILED',
    message: expect.stringMatching(/somebody else/),
  })
  expect(readFileSync(file, 'utf8')).toBe('theirs')
  expect(readdirSync(folder)).toEqual(['file'])
})

test('a file that cannot be written is an error that says why, and what was there stays', async () => {
  const file = path.join(tempFolder({ file: 'old' }), 'file', 'below')
  const putting = host.put(file, { text: 'x', mode: '0600', owner })
  await expect(putting).rejects.toMatchObject({ code: 'STEP_FAILED' })
})

test('folders and links', async () => {
  const folder = tempFolder()
  const inner = path.join(folder, 'a', 'b')
  await host.makeFolder(inner, { mode: '0750', owner })
  expect(await host.read(inner)).toEqual({ kind: 'folder', text: '', mode: '0750', owner })
  const link = path.join(folder, 'current')
  await host.link(link, 'a')
  await host.link(link, 'a/b')
  expect(await host.read(link)).toMatchObject({ kind: 'link', text: 'a/b' })
  expect(readdirSync(inner)).toEqual([])
  await host.remove(link)
  expect(await host.read(link)).toBeUndefined()
  expect(lstatSync(inner).isDirectory()).toBe(true)
})

test('a command: status, both outputs, and what it reads', async () => {
  const script = 'cat; echo bad >&2; exit 3'
  expect(await host.run(['sh', '-c', script], { input: 'in' })).toEqual({
    status: 3,
    stdout: 'in',
    stderr: 'bad\n',
  })
  expect(await host.run(['cat'], { input: () => Readable.from(['one ', 'two']) })).toMatchObject({
    status: 0,
    stdout: 'one two',
  })
  expect(await host.ask(['no-such-program-here'])).toMatchObject({ status: 127 })
})

test('a file of bytes that are no text does not end anything', async () => {
  const file = path.join(tempFolder(), 'bytes')
  writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00, 0x0a]))
  expect(await host.read(file)).toMatchObject({ kind: 'file' })
})
