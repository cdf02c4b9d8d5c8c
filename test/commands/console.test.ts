/** The operator sets the officer's room up, and looks whether the log of looks was changed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { operator } from './lakana.ts';

let database: TestDatabase;
let they: Awaited<ReturnType<typeof operator>>;
beforeAll(async () => {
  database = await createTestDatabase();
  they = await operator({ DATABASE_URL: database.url, PUBLIC_URL: 'https://lakana.example.org' });
});
afterAll(async () => {
  await they.leaves();
  await database.close();
});

/** What the database itself refuses, done by its owner. */
async function tampers(statement: string): Promise<void> {
  await database.sql.unsafe(`alter table audit_log disable trigger all; ${statement}`);
}

test('a link for the first administrator works once; the log of it is whole, and shows who touched it', async () => {
  const { json, code } = await they.asks('setup', '--name', 'Kadi');
  expect(code).toBe(0);
  expect(json.link).toMatch(/^https:\/\/lakana\.example\.org\/console\/#join=[\w-]{27}$/);
  const [stored] = await database.sql`select encode(code_index, 'hex') as code, used_at from invitations`;
  expect(stored?.used_at).toBeNull();
  expect(JSON.stringify(stored)).not.toContain(json.link.split('=')[1]);
  await they.lakana('setup', '--name', 'Binta');

  // Two links, and that members and cases from before were signed.
  const whole = await they.asks('audit', 'verify');
  expect(whole).toMatchObject({ code: 0, json: { ok: true, rows: 4 } });
  const { head } = whole.json;
  expect((await they.lakana('audit', 'verify', '--head', head)).out).toContain('4 rows, none changed');

  await expect(database.sql`delete from audit_log`).rejects.toThrow('kept as it is');
  await tampers('delete from audit_log where seq = 4');
  expect((await they.lakana('audit', 'verify')).code).toBe(0);
  const cut = await they.lakana('audit', 'verify', '--head', head);
  expect(cut).toMatchObject({ code: 1 });
  expect(cut.out).toContain('was cut off');
  await tampers(`update audit_log set what = 'signed_in' where seq = 1`);
  const changed = await they.lakana('audit', 'verify');
  expect(changed.code).toBe(1);
  expect(changed.out).toContain('wrong_link at row 1');
});
