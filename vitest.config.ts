import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**'],
    globalSetup: ['test/global-setup.ts', 'test/build-pages.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // No file changes what another one imports, and loading all of it for each file is a tenth of the time.
    isolate: false,
  },
});
