// Which lines of a hot batch may hold all of some texts, told from their bytes. A line that is told by its shape holds
// a text in pieces: in its values, and in the shape.
import { type Shape, literalsOf, piecesOf } from './shape.js'

export class HotNeedles {
  readonly #finders: readonly Finder[]

  constructor(texts: readonly string[], lines: Buffer, shapes: Readonly<Record<string, Shape>> | undefined) {
    const told = Object.values(shapes ?? {})
    this.#finders = texts.flatMap((text) =>
      told.length === 0 ? [finder(text, lines)] : findersOfPieces(text, told, lines),
    )
  }

  /** Positions must rise from call to call. */
  mayBeBetween(start: number, end: number): boolean {
    return this.#finders.every((isBetween) => isBetween(start, end))
  }
}

type Finder = (start: number, end: number) => boolean

/** Each place where the text stands is looked up once. */
function finder(text: string, lines: Buffer): Finder {
  const bytes = Buffer.from(text)
  let at = -1
  return (start, end) => {
    if (at < start) at = lines.indexOf(bytes, start)
    if (at < 0) at = lines.length
    return at < end
  }
}

/** What stands in a shape's literals is in every one of its lines, and so tells nothing. */
function findersOfPieces(text: string, shapes: readonly Shape[], lines: Buffer): Finder[] {
  const literals = shapes.flatMap(literalsOf)
  return piecesOf(text, shapes)
    .filter((piece) => !literals.some((literal) => literal.includes(piece)))
    .map((piece) => finder(piece, lines))
}
