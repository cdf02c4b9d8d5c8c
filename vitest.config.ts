import { defineConfig } from 'vitest/config';
import LongestFirst from './test/longest-first.ts';
import Slowest from './test/slowest.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**', 'test/operating/**'],
    reporters: ['default', new Slowest()],
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/global-setup.ts'],
    // For what hangs: a busy machine is slow, and nothing is wrong with that.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 100_000 } },
    // Twice as many as two cores: much of a story is waiting for the database.
    maxWorkers: 4,
    // Much is made and forgotten at once: with little room for it a tenth of the time is clearing up.
    execArgv: ['--max-semi-space-size=32'],
    // No file changes what another one imports, and loading all of it for each file is a tenth of the time.
    isolate: false,
  },
});
