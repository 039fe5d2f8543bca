// What goes to a machine so that it needs nothing of its own: the program, its production modules and a Node.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { execa } from 'execa'
import { z } from 'zod'
import { errnoOf, fail } from '../errors.js'

export interface Bundle {
  /** The program's version and the start of the digest: names the folder on the machine. */
  readonly name: string
  /** `x64`, `arm64`: what its compiled parts run on. */
  readonly architecture: string
  /** A gzipped tar, made anew at each call. */
  readonly open: () => Readable
}

/** What runs nothing: types, maps and manuals. Licences go along. */
const LEFT_OUT = /\.(?:d\.[cm]?ts|map|md|markdown)$/i

const packageFile = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
})

export interface BundleFrom {
  /** The folder of the program. */
  readonly root: string
  readonly node: string
  readonly platform: string
  readonly architecture: string
}

/** Reads every file once. Throws HOST_UNSUPPORTED where this machine has nothing that fits another one. */
export async function makeBundle({ root, node, platform, architecture }: BundleFrom): Promise<Bundle> {
  if (platform !== 'linux')
    fail('HOST_UNSUPPORTED', `the Node and modules of ${platform} do not run on Linux`, {
      hints: ['run setup from a Linux machine'],
    })
  const { version } = await readPackage(root)
  const modules = await productionModules(root)
  const folders = ['bin', 'dist', 'templates', ...modules]
  const listed = await Promise.all(folders.map((folder) => filesOf(root, folder)))
  const files = ['package.json', ...listed.flat()].toSorted()
  const program = await realpath(node)
  const digest = await digestOf([...files.map((file) => path.join(root, file)), program], files)
  return {
    name: `${version}-${digest.slice(0, 12)}`,
    architecture,
    open: () => pack(root, files, program),
  }
}

async function readPackage(folder: string): Promise<z.output<typeof packageFile>> {
  return packageFile.parse(JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')))
}

/** Folders of packages below the program's, each found as Node would find it. */
async function productionModules(root: string): Promise<readonly string[]> {
  const found = new Set<string>()
  const visit = async (folder: string): Promise<void> => {
    const { dependencies, optionalDependencies } = await readPackage(path.join(root, folder))
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const module = await lookUp(root, folder, name)
      if (module === undefined && !(name in optionalDependencies))
        fail('HOST_UNSUPPORTED', `the package ${name} does not lie beside the program`, {
          hints: ['install logctl with npm ci, or npm install --global'],
        })
      if (module === undefined || found.has(module)) continue
      found.add(module)
      await visit(module)
    }
  }
  await visit('.')
  // One within another is read with the outer one.
  return [...found].filter((one) => ![...found].some((other) => one.startsWith(`${other}/`)))
}

async function lookUp(root: string, from: string, name: string): Promise<string | undefined> {
  for (let folder = from; ; folder = path.posix.dirname(folder)) {
    const module = path.posix.join(folder, 'node_modules', name)
    if (await readPackage(path.join(root, module)).catch(() => undefined)) return module
    if (folder === '.') return undefined
  }
}

async function filesOf(root: string, folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile() && !LEFT_OUT.test(entry.name))
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return fail('HOST_UNSUPPORTED', `${root} has no folder ${folder}`)
    throw error
  }
}

async function digestOf(paths: readonly string[], names: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(names.join('\n'))
  for (const file of paths) for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function pack(root: string, files: readonly string[], node: string): Readable {
  const list = files.map((file) => `${file}\n`).join('')
  const args = ['-cf', '-', '--verbatim-files-from', '-C', root, '-T', '-']
  const renamed = ['--transform', `s,^${path.basename(node)}$,node/bin/node,`]
  const packing = execa('tar', [...renamed, ...args, '-C', path.dirname(node), path.basename(node)], {
    input: list,
    buffer: false,
    encoding: 'buffer',
  })
  const zipped = createGzip({ level: 1 })
  packing.catch((error: unknown) => zipped.destroy(error as Error))
  return packing.stdout.on('error', (error: Error) => zipped.destroy(error)).pipe(zipped)
}
