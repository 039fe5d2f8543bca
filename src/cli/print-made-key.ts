// Prints a new key: its text alone on stdout, so that it can be put into a variable; what it is good for is talk.
import type { MadeKey } from '../server/key-admin.js'
import { answer, type Session } from './session.js'

export async function printMadeKey(session: Session, made: MadeKey): Promise<void> {
  const { name, tenant, scopes, key } = made
  const whose = tenant === undefined ? 'for every tenant' : `for the tenant ${tenant}`
  session.say(`key ${name}, ${scopes.join(' and ')}, ${whose}; it is shown only now:`)
  await answer(session, made, () => `${key}\n`)
}
