import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**'],
    globalSetup: ['test/global-setup.ts', 'test/build-pages.ts'],
    // For what hangs: a busy machine is slow, and nothing is wrong with that.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One more than two cores: much of a story is waiting for the database.
    maxWorkers: 3,
    // No file changes what another one imports, and loading all of it for each file is a tenth of the time.
    isolate: false,
  },
});
