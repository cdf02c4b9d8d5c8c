/** `docs/what-remains.md`: every table of the database has a row that says what stands there and until when. */
import { existsSync, readFileSync } from 'node:fs';
import { getTableName, is, Table } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import * as schema from '../src/db/schema.ts';

const rows = readFileSync('docs/what-remains.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| `/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()));
const ticked = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, said = '']) => said);

describe('what remains of people', () => {
  it('is said of every table of the database, once, and of none that is not there', () => {
    const tables = Object.values(schema).flatMap((each) => (is(each, Table) ? [getTableName(each)] : []));
    expect(rows.flatMap(([table]) => ticked(table)).sort()).toEqual(tables.sort());
  });

  it.each(rows)('in %s goes as the row says: %s, %s', (_, what, until, part, test = '') => {
    expect(what).not.toBe('');
    expect(until).not.toBe('');
    expect(ticked(part).filter((each) => !existsSync(each))).toEqual([]);
    expect(ticked(part)).toHaveLength(1);
    const [file] = ticked(test);
    if (file) expect(readFileSync(file, 'utf8')).toContain(test.replace(/`[^`]+`/, '').trim());
  });
});
