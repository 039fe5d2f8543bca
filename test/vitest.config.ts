// How the tests run: `fast` is what `npm run check` repeats on every Node, `slow` is what only `npm test` runs.
// A file is slow by the folder it lies in, so that nobody has to list it.
import { defineConfig } from 'vitest/config'

/** Whole programs over their wires, laws over random data, kills and damage at every point, long fuzz runs. */
const SLOW = ['test/{e2e,laws,crash,fault,fuzz}/**/*.test.ts']

export default defineConfig({
  test: {
    globalSetup: 'test/temp-root.ts',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // By default one core is left idle, which on two cores is half the machine.
    maxWorkers: '100%',
    projects: [
      // Its files share the modules of the program, which leave nothing behind: reading them anew for each file
      // took a third of the time.
      {
        extends: true,
        test: { name: 'fast', include: ['test/**/*.test.ts'], exclude: SLOW, isolate: false },
      },
      { extends: true, test: { name: 'slow', include: SLOW, testTimeout: 180_000, hookTimeout: 180_000 } },
    ],
  },
})
