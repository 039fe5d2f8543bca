// A file that this user may not read is told of, and a day of nothing else is no answer. Root reads everything, so a
// process of its own gives up being root once it has its modules.
import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '../../temp-folder.js'
import { rulesOf } from './rules.js'

const LINE = '{"@timestamp":"2025-01-11T09:30:00Z","message":"a"}\n'

test('a file that may not be read is told of, and the others are read', () => {
  const folder = tempFolder({ '2025-01-11.log': LINE, '2025-01-12.log': LINE })
  chmodSync(folder, 0o755)
  chmodSync(join(folder, '2025-01-11.log'), 0o644)
  chmodSync(join(folder, '2025-01-12.log'), 0)
  const { labelKeys, ...rules } = rulesOf()
  const script = `
    const { openFiles } = await import(${JSON.stringify(import.meta.resolve('#logctl/store/files/index.js'))})
    if (process.getuid() === 0) process.setuid(65534)
    const rules = { ...${JSON.stringify(rules)}, labelKeys: new Set(${JSON.stringify([...labelKeys])}) }
    const files = openFiles(${JSON.stringify(folder)}, rules)
    const warnings = []
    let records = 0
    const options = { warn: (message) => warnings.push(message) }
    for await (const piece of files.scan({ direction: 'forward', where: [] }, options)) records += piece.length
    const refused = await files.stats({ day: '2025-01-12' }, options).catch(({ code }) => code)
    console.log(JSON.stringify({ records, warnings: warnings.length, refused }))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const seen = JSON.parse(output) as { records: number; warnings: number; refused: string }
  expect(seen).toMatchObject({ records: 1, refused: 'DATA_UNREADABLE' })
  expect(seen.warnings).toBeGreaterThan(0)
})
