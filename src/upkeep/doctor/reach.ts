// Whether somebody listens: one TCP connection, opened and closed.
import { connect } from 'node:net'
import { errnoOf, messageOf } from '../../errors.js'

const PATIENCE_MS = 5000

/** Undefined when the connection was made, else why not. */
export function connects(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const end = (why: string | undefined): void => {
      socket.destroy()
      resolve(why)
    }
    socket.setTimeout(PATIENCE_MS, () => end(`no answer within ${PATIENCE_MS / 1000} s`))
    socket.once('connect', () => end(undefined))
    socket.once('error', (error) => end(errnoOf(error) ?? messageOf(error)))
  })
}
