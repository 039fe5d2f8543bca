#!/usr/bin/env zx
// `npm run check`: everything that answers soon; what developers run before each commit.
import { fastStages } from './fast.mjs'
import { newAccount, summary } from './stages.mjs'

const account = newAccount(process.env)
await fastStages(account)
process.exitCode = summary(account)
