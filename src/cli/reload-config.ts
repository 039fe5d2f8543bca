// Reads the configuration again while the server runs. What cannot be understood changes nothing.
import { loadConfig } from '../config/load.js'
import { reloadable } from '../config/reload.js'
import { messageOf } from '../errors.js'
import type { GlobalFlags } from './global-flags.js'
import type { Serving } from './serve.js'
import { machineSizes } from './store-options.js'
import type { World } from './world.js'

export async function reloadConfig(serving: Serving, flags: GlobalFlags, world: World): Promise<void> {
  const { log, server } = serving
  try {
    const { config, warnings } = await loadConfig({
      ...world,
      flags: flags as Readonly<Record<string, unknown>>,
    })
    const { changed, ignored } = reloadable(serving.config, config)
    for (const warning of warnings) log.warn(warning)
    server.reload(config, machineSizes(config))
    serving.config = config
    log.info({ changed }, 'read the configuration again')
    if (ignored.length > 0)
      log.warn({ keys: ignored }, `these changes count from the next start: ${ignored.join(', ')}`)
  } catch (error) {
    log.error({ reason: messageOf(error) }, 'the configuration was not understood; nothing changed')
  }
}
