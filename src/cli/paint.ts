// Colours for a terminal, and none for anything else.
import { Chalk } from 'chalk'
import { type Paint, plain } from '../format/paint.js'
import type { World } from './world.js'

/** NO_COLOR (no-color.org) counts when it is not empty; a dumb terminal knows no colours. */
export function paintFor(stream: NodeJS.WriteStream, { env }: Pick<World, 'env'>, noColor: boolean): Paint {
  if (!stream.isTTY || noColor || env['NO_COLOR'] || env['TERM'] === 'dumb') return plain
  const chalk = new Chalk({ level: 1 })
  return (style, text) => chalk[style](text)
}
