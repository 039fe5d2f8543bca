// The embedded store keeps the laws of stores in every state of its data, for its owner and for readers beside it.
import { openEmbeddedReader, openEmbeddedStore } from '#logctl/store/embedded/index.js'
import { type Opened, type Prepare, storeLaws } from './store.js'
import { tempFolder } from '../temp-folder.js'

async function open(): Promise<Opened> {
  const path = tempFolder()
  const options = { path, minFreeBytes: 0, segmentIdleMs: 3_600_000, lingerMs: 50 }
  const store = await openEmbeddedStore(options)
  const reader = await openEmbeddedReader(path)
  return {
    store,
    readers: { reader },
    cleanup: async () => {
      await reader.close()
      await store.close()
    },
  }
}

const appended =
  (sealAfter: (batch: number, last: number) => boolean): Prepare =>
  async ({ store }, batches) => {
    for (const [i, records] of batches.entries()) {
      await store.append({ records })
      if (sealAfter(i, batches.length - 1)) await store.seal()
    }
  }

storeLaws('the embedded store', {
  open,
  states: {
    hot: appended(() => false),
    sealed: appended((batch, last) => batch === last),
    'partly sealed': appended((batch) => batch === 1),
    'sealed in small parts, which merge': appended(() => true),
  },
})
