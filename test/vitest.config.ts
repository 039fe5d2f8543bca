// How vitest runs the suite: every test beside its kind under test/, against the built program.
import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { include: ['test/**/*.test.ts'], testTimeout: 30_000 } })
