import type { Reporter, TestModule } from 'vitest/node';

const SHOWN = 20;

/** Says at the end of a run which files took longest: where the next minute is to be saved. */
export default class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const files = modules.map((each) => ({
      name: each.relativeModuleId,
      seconds: each.diagnostic().duration / 1_000,
      tests: [...each.children.allTests()].length,
    }));
    const slowest = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, SHOWN);
    const lines = slowest.map(
      ({ name, seconds, tests }) =>
        `${seconds.toFixed(1).padStart(7)} s ${String(tests).padStart(4)}  ${name}`,
    );
    process.stdout.write(`\nThe slowest files (seconds, tests):\n${lines.join('\n')}\n`);
  }
}
