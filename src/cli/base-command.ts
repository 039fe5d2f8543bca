// What every command is: global flags, a session, and failures left to `run`, which tells them all alike.
import { Command } from '@oclif/core'
import { worldOf } from './dispatch.js'
import { type GlobalFlags, globalFlags } from './global-flags.js'
import { type Session, startSession } from './session.js'
import type { World } from './world.js'

export abstract class BaseCommand extends Command {
  static override baseFlags = globalFlags

  /** Resolves to the exit status; nothing is 0. */
  abstract override run(): Promise<number | undefined>

  protected get world(): World {
    return worldOf(this.config)
  }

  protected session(flags: GlobalFlags): Promise<Session> {
    return startSession(flags, this.world)
  }

  protected override catch(error: Error): Promise<never> {
    return Promise.reject(error)
  }
}
