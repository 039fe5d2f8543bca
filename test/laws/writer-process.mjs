// A process that holds an embedded store and does what its parent asks, until the parent lets go.
import process from 'node:process'
import { openEmbeddedStore } from '#logctl/store/embedded/index.js'

const [path = '', options = '{}'] = process.argv.slice(2)
const store = await openEmbeddedStore({ path, ...JSON.parse(options) })

process.on(
  'message',
  async (/** @type {{id: number, method: 'append', args: [any]}} */ { id, method, args }) => {
    try {
      process.send?.({ id, result: await store[method](...args) })
    } catch (error) {
      const { code, message } = /** @type {{code: string, message: string}} */ (error)
      process.send?.({ id, error: { code, message } })
    }
  },
)
process.once('disconnect', () => void store.close())
process.send?.({ id: 0 })
