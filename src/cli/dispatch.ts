// Finds the command that a command line names and runs it, or shows help.
import { Config } from '@oclif/core'
import { normalizeArgv } from '@oclif/core/help'
import { nearest } from '../config/nearest.js'
import { fail } from '../errors.js'
import { LogctlHelp } from './help.js'
import { hasFlag, type World } from './world.js'

/** Resolves to the exit status. */
export async function dispatch(args: readonly string[], root: string, world: World): Promise<number> {
  const config = await Config.load({ root, world } as { root: string })
  const words = args[0] === 'help' ? [...args.slice(1), '--help'] : [...args]
  if (words.length === 0 || hasFlag(words, '--help') || hasFlag(words, '-h')) return showHelp(config, words)
  const [id = '', ...rest] = normalizeArgv(config, [...words])
  const command = config.findCommand(id)
  if (command) return (await config.runCommand<number | undefined>(id, rest, command)) ?? 0
  if (config.findTopic(id)) return showHelp(config, [...words, '--help'])
  return unknownCommand(config, id, words)
}

/** The world that a command was started in; `dispatch` put it there. */
export function worldOf(config: object): World {
  return (config as { options: { world: World } }).options.world
}

async function showHelp(config: Config, words: readonly string[]): Promise<number> {
  const wanted = words.filter((word) => word !== '--help' && word !== '-h')
  const [id = ''] = normalizeArgv(config, [...wanted])
  if (wanted.length > 0 && !config.findCommand(id) && !config.findTopic(id))
    return unknownCommand(config, id, wanted)
  await new LogctlHelp(config).showHelp([...wanted, '--help'])
  return 0
}

function unknownCommand(config: Config, id: string, words: readonly string[]): never {
  const [first = ''] = words
  if (first.startsWith('-'))
    fail('USAGE', `the command comes first, then its flags: ${first}`, {
      hints: ['logctl COMMAND --help', 'logctl --help'],
    })
  const known = config.commandIDs.map((name) => name.replaceAll(':', ' '))
  const parts = id.split(':')
  const command = parts
    .map((_, length) => parts.slice(0, length).join(' '))
    .findLast((name) => known.includes(name))
  if (command)
    fail('USAGE', `"logctl ${command}" takes no argument "${parts[command.split(' ').length]}"`, {
      hints: [`logctl ${command} --help`],
    })
  // Behind a topic stands a command of it; behind anything else an argument.
  const named = config.findTopic(first) ? parts.join(' ') : first
  const meant = nearest(named, known)
  fail('USAGE', `there is no command "${named}"`, {
    hints: [...(meant ? [`logctl ${meant}`] : []), 'logctl --help'],
  })
}
