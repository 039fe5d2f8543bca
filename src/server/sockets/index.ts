// The table of the doors that are no HTTP: each with its listeners.
import { isLoopback, parseAddress, parseCidr } from '../../config/address.js'
import type { Config } from '../../config/schema.js'
import { fail } from '../../errors.js'
import type { ClosableListener } from '../listeners.js'
import { isLoopbackAddress } from '../listeners.js'
import type { Service } from '../service.js'
import { openForward } from './forward.js'
import { openSyslog } from './syslog.js'

interface SocketDoor {
  /** The label `door` of its metrics, the section of the configuration, and the kind of its listeners. */
  readonly name: 'syslog' | 'forward'
  open(address: string, service: Service): Promise<ClosableListener>
}

export const SOCKET_DOORS: readonly SocketDoor[] = [
  { name: 'syslog', open: openSyslog },
  { name: 'forward', open: openForward },
]

export interface SocketListenerPlan {
  readonly address: string
  open(service: Service): Promise<ClosableListener>
}

export function socketListeners(config: Config): SocketListenerPlan[] {
  return SOCKET_DOORS.flatMap(({ name, open }) =>
    config[name].listen.map((address) => ({ address, open: (service: Service) => open(address, service) })),
  )
}

/** A door that other machines reach but none of them may use is a mistake. Throws NOT_OPEN. */
export function refuseUselessDoors(config: Config): void {
  for (const { name } of SOCKET_DOORS) {
    const beyond = config[name].listen.find((address) => parseAddress(address) && !isLoopbackAddress(address))
    if (beyond === undefined || !config[name].allow.every(isWithinLoopback)) continue
    fail(
      'NOT_OPEN',
      `${beyond} can be reached from other machines, but ${name}.allow lets only this one in`,
      {
        hints: [
          `name the senders' networks in ${name}.allow, such as [10.0.0.0/8]`,
          'or listen on 127.0.0.1',
        ],
      },
    )
  }
}

function isWithinLoopback(network: string): boolean {
  const cidr = parseCidr(network)
  return cidr !== undefined && isLoopback(cidr.network) && cidr.prefix >= (cidr.family === 'ipv4' ? 8 : 128)
}
