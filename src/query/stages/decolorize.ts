// `| decolorize`: takes the colours of terminals out of the line (ECMA-48 control sequences and their kin).
import type { Decolorize } from '../ast.js'
import type { CompileStage } from './stage.js'

/** CSI and OSC sequences; bounded work, because every part but the first is of characters that the next cannot be. */
const SEQUENCE =
  // oxlint-disable-next-line no-control-regex -- these are what is searched
  /[\u001b\u009b](?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\u009b]*(?:\u0007|\u001b\\)|[()#?]*[0-9;]*[0-9A-PR-TZcf-nq-uy=><~])/g

export const compileDecolorize: CompileStage<Decolorize> = () => (entry) => {
  // Most lines have none, and a search for one character is quicker.
  if (entry.line.includes('\u001b') || entry.line.includes('\u009b'))
    entry.line = entry.line.replace(SEQUENCE, '')
  return true
}
