/** The coordinator's commands about rotas, with the real program. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { operator } from './lakana.ts';

let database: TestDatabase;
let they: Awaited<ReturnType<typeof operator>>;
beforeAll(async () => {
  database = await createTestDatabase();
  they = await operator({ DATABASE_URL: database.url });
  for (const name of ['Awa Keïta', 'Binta Coulibaly']) await they.lakana('officer', 'add', '--name', name);
});
afterAll(async () => {
  await they.leaves();
  await database.close();
});

const PLAN = `
rotas:
  - name: bamako
    layers: [{ officers: [Awa, Binta], hand_over: daily 08:00, from: 2026-01-01 }]
policies:
  - name: office
    steps: [{ after: 0 min, call: rota bamako }, { after: 5 min, call: everybody }]
exclusions: [{ officer: Awa, perpetrators: [army], reason: a cousin }]
`;

test('a plan is checked, put in use, shown, and written back; who is wrong is told where', async () => {
  const file = join(they.folder, 'plan.yaml');
  await writeFile(file, PLAN.replace('[Awa, Binta]', '[Oumar]'));
  const wrong = await they.lakana('rota', 'apply', file);
  expect(wrong.code).toBe(1);
  expect(wrong.err).toContain('rotas 1 layers 1 officers: nobody is called Oumar: see ./lakana officer list');
  await writeFile(file, PLAN);
  expect((await they.lakana('rota', 'preview', '--days', '3', '--file', file)).out).toContain(
    'Binta Coulibaly',
  );
  const applied = await they.lakana('rota', 'apply', file);
  expect(applied.out).toContain('The plan is in use: 1 rota, 1 policy, 1 exclusion.');
  // Nobody has enrolled yet: that is said at once, and by `gaps` with its exit code.
  expect(applied.out).toContain('nobody can be reached');
  expect((await they.lakana('rota', 'gaps')).code).toBe(1);
  const { json } = await they.asks('rota', 'show');
  expect(json.rotas[0]).toMatchObject({ rota: 'bamako' });
  expect((await they.lakana('rota', 'show', '--yaml')).out).toContain('hand_over: daily 08:00');
  const dump = JSON.stringify(
    await database.sql`select document, encode(exclusions_sealed, 'escape') as sealed from duty_plans`,
  );
  expect(dump).not.toMatch(/Awa|cousin|army/);
});

test('a cover is added, listed, seen in the preview and taken back; a time that is none is told', async () => {
  const wrong = await they.lakana(
    'rota',
    'cover',
    'add',
    '--who',
    'Binta Coulibaly',
    '--from',
    'tomorrow',
    '--to',
    '2030-01-02T08:00',
  );
  expect(wrong.err).toContain('--from: give a time like');
  const { json } = await they.asks(
    'rota',
    'cover',
    'add',
    '--who',
    'Binta Coulibaly',
    '--from',
    '2026-01-01T08:00',
    '--to',
    '2099-01-02T08:00',
  );
  expect((await they.lakana('rota', 'cover', 'list')).out).toContain('Binta Coulibaly');
  const preview = await they.asks('rota', 'preview', '--days', '2');
  for (const shift of preview.json.rotas[0].shifts) expect(shift.officers.length).toBeGreaterThan(0);
  expect((await they.lakana('rota', 'cover', 'remove', json.id)).code).toBe(0);
});
