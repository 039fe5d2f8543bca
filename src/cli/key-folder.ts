// The data folder whose keys the `key` commands work on: keys lie beside the logs, and no server hands them out.
import { fail } from '../errors.js'
import type { Session } from './session.js'

/** Throws USAGE where a server or plain files were named and no data folder: the default one is hardly meant. */
export function keyFolder({ loaded: { config, origins } }: Pick<Session, 'loaded'>): string {
  const { data } = config.store
  const { server, dir } = config.client
  const isNamed = (origins.get('store.data') ?? 'default') !== 'default'
  const other = server ?? dir
  if (isNamed || other === undefined) return data
  return fail('USAGE', `keys lie in the data folder of a server, and only ${other} was named`, {
    hints: [`run it where the server runs, with its folder: --data ${data}`],
  })
}
