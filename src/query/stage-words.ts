// The words that begin a stage behind a `|`; any other word there is the label of a label filter.

export const STAGE_WORDS = [
  'json',
  'logfmt',
  'pattern',
  'regexp',
  'unpack',
  'line_format',
  'label_format',
  'decolorize',
  'drop',
  'keep',
] as const
export type StageWord = (typeof STAGE_WORDS)[number]

/** In any case; `unwrap` too, which no label filter may begin with either. */
export function isStageWord(word: string): boolean {
  const keyword = word.toLowerCase()
  return keyword === 'unwrap' || stageWordOf(keyword) !== undefined
}

export function stageWordOf(word: string): StageWord | undefined {
  return STAGE_WORDS.find((one) => one === word.toLowerCase())
}
