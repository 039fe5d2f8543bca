// What the rest of logctl uses of the embedded store.
export { DURABLE_STEPS, type DurableStep, type Fault } from './durable.js'
export { openEmbeddedStore } from './open.js'
export type { EmbeddedOptions } from './options.js'
export { type FolderReader, openEmbeddedReader } from './reader.js'
export { type Verified, verifyFolder } from './verify.js'
