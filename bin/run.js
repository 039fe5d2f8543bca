#!/usr/bin/env node
// Starts logctl. Here is only what must work before anything is loaded: refusing a system that cannot run the
// rest, and telling the version. Plain JavaScript that old versions of Node can still read.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'

const args = process.argv.slice(2)
const [major, minor] = process.versions.node.split('.').map(Number)

if (process.platform === 'win32') refuse('logctl does not run on Windows', 'run it under WSL, or on Linux')
else if (major < 20 || (major === 20 && minor < 19))
  refuse(`logctl needs Node 20.19 or newer, this is ${process.versions.node}`, 'install a newer Node')
else if (args[0] === '--version' || args[0] === 'version') tellVersion()
else
  import('../dist/cli/run.js').then(({ run }) =>
    run({ args, env: process.env, cwd: process.cwd(), home: homedir() }),
  )

function tellVersion() {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.on('error', () => {})
  process.stdout.write(`${args.includes('--json') ? JSON.stringify({ version }) : `logctl ${version}`}\n`)
}

function refuse(message, hint) {
  process.exitCode = 3
  if (args.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: { code: 'PLATFORM', message, hints: [hint] } })}\n`)
  else process.stderr.write(`error: ${message}\n  try: ${hint}\n`)
}
