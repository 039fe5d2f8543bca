#!/usr/bin/env zx
// `npm run readme`: writes README's tables anew after `npm run build`; a test only compares them.
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { withTables } from './readme-tables.mjs'

const root = path.resolve(import.meta.dirname, '..')
const file = path.join(root, 'README.md')
await writeFile(file, await withTables(await readFile(file, 'utf8'), root))
