/** What was changed in the room goes into the house's own folder and back, by the operator's commands. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { operator } from './lakana.ts';

let database: TestDatabase;
let they: Awaited<ReturnType<typeof operator>>;
beforeAll(async () => {
  database = await createTestDatabase();
  they = await operator({ DATABASE_URL: database.url });
  they.settings.DATA_DIR = join(they.folder, 'data');
  they.settings.CONTENT_DIR = join(they.folder, 'content');
  await mkdir(they.settings.CONTENT_DIR);
});
afterAll(async () => {
  await they.leaves();
  await database.close();
});

const brings = async (path: string, text: string): Promise<void> => {
  const file = join(they.folder, 'sent', 'locales', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
};

test('texts that were sent are said at once where they are harmless, wait where safety hangs on them, and are refused with a line', async () => {
  await brings('fr/report.yaml', 'before_what:\n  help: Votre message est vide.\n');
  await brings('fr/sos.yaml', 'where:\n  ask: Où êtes-vous maintenant ?\n');
  const { code, json } = await they.asks('texts', 'import', 'sent');
  expect([code, json.ok]).toEqual([0, true]);
  expect(json.texts).toMatchObject([
    { language: 'fr', key: 'report.before_what.help', is: 'set' },
    { language: 'fr', key: 'sos.where.ask', is: 'propose' },
  ]);
  await brings('fr/bot.yaml', 'added_to_case: Ajouté à {{dossier}}.\n');
  const refused = await they.lakana('texts', 'import', 'sent');
  expect(refused.code).toBe(1);
  expect(refused.out).toContain(
    '✗ locales/fr/bot.yaml, bot.added_to_case: {{dossier}} is not filled in here',
  );
});

test('what counts in the room is written into the folder, and the room lets go of what the files say alike', async () => {
  const { json } = await they.asks('texts', 'export');
  expect(json).toMatchObject({ files: ['locales/fr/report.yaml'], texts: 1 });
  const written = join(they.folder, 'content', 'locales', 'fr', 'report.yaml');
  expect(await readFile(written, 'utf8')).toBe('before_what:\n  help: Votre message est vide.\n');
  expect((await they.asks('texts', 'export', '--release')).json).toEqual({ released: 1, kept: 0 });
  expect((await they.asks('texts', 'export')).json).toMatchObject({ texts: 0 });
  // The folder goes on saying it.
  const status = await they.lakana('texts', 'status');
  expect(status.code).toBe(0);
  expect(status.out).toMatch(/Français \(fr\) +\d+ +\d+ +\d+ +\d+ +\d+/);
});
