/** What the operator reads of how long cases are kept, with the real program on a real database. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { operator } from './lakana.ts';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'lakana-retention-'));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

test('a preview says of each case that has ended when it would go and by which rule, the program’s or the house’s own', async () => {
  const [first, second] = [{ reference: 'TAKO-4827' }, { reference: 'KOKO-1234' }];
  const has = (reference: string, status: string, reason: string | null) => database.sql`
    insert into cases (id, reference, status, status_reason, status_since, closed_at, channel, recipient, opened_at, updated_at)
    values (gen_random_uuid(), ${reference}, ${status}, ${reason}, '2026-03-01T10:00:00Z', ${reason && '2026-03-01T10:00:00Z'},
      'telegram', 'age1', '2026-02-01T10:00:00Z', '2026-03-01T10:00:00Z')`;
  await has(first.reference, 'closed', 'resolved');
  await has(second.reference, 'rejected', 'no_report');
  await has('SIRA-9999', 'active', null);
  await database.sql`insert into case_holds (case_id, because, held_by, held_at)
    select id, 'court', gen_random_uuid(), now() from cases where reference = ${first.reference}`;
  const they = await operator({ DATABASE_URL: database.url, DATA_DIR: join(folder, 'data') });
  const { json } = await they.asks('retention', 'preview');
  expect(json.cases).toHaveLength(2);
  for (const each of json.cases)
    expect(each).toMatchObject({ rule: 'closed_cases', overAt: '2031-03-01T10:00:00.000Z' });
  const { out } = await they.lakana('retention', 'preview');
  expect(out).toMatch(new RegExp(`${first.reference}.*until 2031-03-01.*HELD \\(court\\)`));
  expect((await they.asks('retention', 'preview', '--days', '30')).json.cases).toEqual([]);
  expect((await they.lakana('retention', 'preview', '--days', 'soon')).err).toContain('--days is a number');
  await they.leaves();

  const own = join(folder, 'own');
  await mkdir(join(own, 'flows'), { recursive: true });
  const rules = (last: string) =>
    writeFile(
      join(own, 'flows', 'retention.yaml'),
      `retention: 1\nrules:\n  - id: no_report\n    why: It was never one.\n    when: { outcome: no_report }\n    keep: { case: 60 days }\n${last}`,
    );
  await rules('  - id: others\n    why: So.\n    keep: { case: 10 years }\n');
  const here = await operator({
    DATABASE_URL: database.url,
    DATA_DIR: join(folder, 'data'),
    CONTENT_DIR: own,
  });
  const changed = await here.asks('retention', 'preview');
  expect(changed.json.cases).toMatchObject([
    { reference: second.reference, rule: 'no_report', overAt: '2026-04-30T10:00:00.000Z' },
    { reference: first.reference, rule: 'others' },
  ]);
  await rules('');
  expect((await here.lakana('retention', 'preview')).err).toContain('the last rule must fit every case');
  await here.leaves();
});
