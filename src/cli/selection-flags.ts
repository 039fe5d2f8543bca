// The flags by which records are selected beside a selector, alike in every command that takes one.
import { Args, Flags } from '@oclif/core'

export const selectorArg = Args.string({
  description: 'which logs, in LogQL: {source="web", env!="test"}, or with a pipeline',
  ignoreStdin: true,
})

export const selectionFlags = {
  level: Flags.string({
    summary: 'only these levels: error,fatal',
    helpValue: 'LEVEL',
    multiple: true,
    multipleNonGreedy: true,
  }),
  source: Flags.string({ summary: 'only this source', helpValue: 'SOURCE' }),
}
