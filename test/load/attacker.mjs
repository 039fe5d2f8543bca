// A process of its own for one attack, so that good senders are not slowed by their own program: node attacker.mjs
// NAME URL MILLISECONDS SCALE. It prints what came back.
import { ATTACKS } from './attacks.mjs'

const [name, url = '', ms, scale] = process.argv.slice(2)
const attack = ATTACKS.find((one) => one.name === name)
if (!attack) throw new Error(`no attack ${name}`)
const outcome = await attack.run(new URL(url), Number(ms), Number(scale))
process.stdout.write(JSON.stringify(outcome), () => process.exit(0))
