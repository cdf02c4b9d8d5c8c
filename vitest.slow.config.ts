import { defineConfig } from 'vitest/config';

/** The slow suite: hundreds of kill -9, long random walks, the pages of docs/operating typed step by step. Run with `npm run test:slow`. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts', 'test/operating/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 20 * 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 100_000 } },
    fileParallelism: false,
  },
});
