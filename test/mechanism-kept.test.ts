/** `docs/mechanism-kept.md`: each row names a file and a test that are there. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const rows = readFileSync('docs/mechanism-kept.md', 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, what, kept, file, title] =
      /^\| (.+) \| `(\S+)` \| `(test\/\S+\.test\.ts)` (.+) \|$/.exec(line) ?? [];
    return what && kept && file && title ? [{ what, kept, file, title }] : [];
  });

describe('what the service is to do about the mechanism, languages and voices', () => {
  it('has a row for each of its forty sentences', () => {
    expect(rows.length).toBeGreaterThanOrEqual(40);
  });

  it.each(rows)('$what: kept by $kept, shown by $file', ({ kept, file, title }) => {
    expect(existsSync(kept)).toBe(true);
    const titles = [...readFileSync(file, 'utf8').matchAll(/(?:it|test)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g)];
    expect(titles.map(([, , said = '']) => said.replaceAll(/\\(.)/g, '$1'))).toContain(title);
  });
});
