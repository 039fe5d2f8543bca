// How vitest runs the suite: every *.test.ts below this folder, against the built program.
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['test/**/*.test.ts'], testTimeout: 30_000 } })
