#!/usr/bin/env node
// Compiles the scanner of ingest from AssemblyScript into a module that the program imports; part of `npm run build`.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { main } from 'assemblyscript/asc'

const ROOT = path.resolve(import.meta.dirname, '..')
const SOURCE = 'src/decode/scanner/kernel/index.ts'
const TARGET = path.join(ROOT, 'dist/decode/scanner/kernel-bytes.js')
/** Pages of 64 KiB: the tables of `kernel/memory.ts`. They never grow. */
const PAGES = '528'

/** @type {Map<string, string | Uint8Array>} */
const written = new Map()
const options = ['-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub']
const { error, stderr } = await main(
  [
    SOURCE,
    '--baseDir',
    ROOT,
    ...options,
    '--initialMemory',
    PAGES,
    '--maximumMemory',
    PAGES,
    '-o',
    'kernel.wasm',
  ],
  { writeFile: (name, contents) => void written.set(path.basename(name), contents) },
)
if (error) throw new Error(`${stderr.toString()}${error.message}`)
const bytes = Buffer.from(written.get('kernel.wasm') ?? '')
await mkdir(path.dirname(TARGET), { recursive: true })
await writeFile(
  TARGET,
  `// Made by scripts/scanner.mjs.\nexport const KERNEL = '${bytes.toString('base64')}'\n`,
)
