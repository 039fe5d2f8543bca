// Senders that post batches until their server is gone, and write into the ledger what they were told.

/** A pause between two batches of a sender, so that the disk is not filled by speed alone. Milliseconds. */
const PAUSE_MS = 8

/** @typedef {ReturnType<typeof import('./ledger.mjs').newLedger>} Ledger */
/** @typedef {import('./batches.mjs').Batch} Batch */

/**
 * Sends new batches until an answer is lost, which is the death of the server.
 * @param {string} url @param {Ledger} ledger
 */
export async function sendUntilGone(url, ledger) {
  while (await send(url, ledger, ledger.take())) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
}

/**
 * Sends again what may have been lost, until it is acknowledged. Returns false when the server went.
 * @param {string} url @param {Ledger} ledger
 */
export async function sendAgain(url, ledger) {
  for (const batch of ledger.unsettled())
    while (ledger.stateOf(batch.number) !== 'there') {
      if (!(await send(url, ledger, batch))) return false
      if (ledger.stateOf(batch.number) !== 'there') await new Promise((resolve) => setTimeout(resolve, 50))
    }
  return true
}

/** @param {string} url @param {Ledger} ledger @param {Batch} batch False when no answer came. */
async function send(url, ledger, { number, key, body, lines }) {
  try {
    const answer = await fetch(`${url}/api/v1/logs`, {
      method: 'POST',
      body,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    })
    const text = await answer.text()
    if (answer.status === 200) {
      const { accepted, rejected } = JSON.parse(text)
      if (accepted !== lines.length || rejected !== 0) throw new Error(`batch ${number} was answered ${text}`)
      ledger.settle(number, 'there')
    } else if (answer.status === 503) ledger.refuse(number)
    else throw new Error(`batch ${number} was answered ${answer.status} ${text}`)
    return true
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    // The connection broke: the batch is there or not; if it has a key, it is sent again later.
    if (ledger.stateOf(number) === 'refused') ledger.settle(number, 'unknown')
    return false
  }
}
