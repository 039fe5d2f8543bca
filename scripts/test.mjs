#!/usr/bin/env zx
// `npm test`: the check, then every slow test. `--install` (or CI=true) first gets the Debian packages they run.
import { fastStages } from './fast.mjs'
import { installPackages, missingPackages } from './packages.mjs'
import { newAccount, skip, stage, summary, vitest } from './stages.mjs'

const account = newAccount(process.env)

if (process.argv.includes('--install') || account.strict)
  await stage(account, 'Debian packages', async () => {
    const missing = await missingPackages()
    if (missing.length > 0) await installPackages(missing.map(({ name }) => name))
  })
for (const { name, why } of await missingPackages()) skip(account, `Debian's ${name} is not here: ${why}`)

await fastStages(account)
await vitest(account, 'slow')
process.exitCode = summary(account)
