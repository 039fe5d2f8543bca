// The checks of `logctl doctor`, in the order in which causes come before what they cause.
import { messageOf } from '../../errors.js'
import type { Check, Patient, Verdict } from './check.js'
import { DEEP_CHECKS } from './deep-checks.js'
import { FOLDER_CHECKS } from './folder-checks.js'
import { NETWORK_CHECKS } from './network-checks.js'
import { SERVER_CHECKS } from './server-checks.js'

export interface Examined extends Verdict {
  readonly name: string
}

export const CHECKS: readonly Check[] = [...NETWORK_CHECKS, ...SERVER_CHECKS, ...FOLDER_CHECKS]

/** Makes every check that applies; one that fails itself is wrong, and the others go on. */
export async function examine(patient: Patient, { deep }: { deep: boolean }): Promise<readonly Examined[]> {
  const examined: Examined[] = []
  for (const { name, applies, look } of deep ? [...CHECKS, ...DEEP_CHECKS] : CHECKS) {
    if (!applies(patient)) continue
    const verdict = await Promise.resolve(patient).then(look).catch(failedCheck)
    examined.push({ name, ...verdict })
  }
  return examined
}

function failedCheck(error: unknown): Verdict {
  return { status: 'wrong', detail: messageOf(error), fix: 'mend this first, then look again' }
}
