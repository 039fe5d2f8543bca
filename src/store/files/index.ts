// What the rest of logctl uses of plain daily files.
export { type FilesReader, openFiles } from './open.js'
export type { ReadingRules } from './file-reader.js'
