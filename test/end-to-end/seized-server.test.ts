/**
 * A thief takes the server away: database, files, server key, and what is in the memory of a program that was started
 * again after the report was sent. Nothing of it opens the case.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { transact } from '../../src/app/ground/transaction.ts';
import { loadConversation } from '../../src/app/records/conversation-record.ts';
import { openCaseSecret } from '../../src/crypto/case-key.ts';
import { parseKeyring } from '../../src/crypto/keyring.ts';
import { findConversation } from '../../src/db/conversations.ts';
import type { ContactId } from '../../src/kernel/ids.ts';
import { testContext } from '../app/context.ts';
import { everythingIn } from '../everything-in.ts';
import { answersUntil, greets } from './answering.ts';
import { accessTo, telegram } from './messengers/telegram.ts';
import { openWorld } from './world.ts';

const MAIN = join(import.meta.dirname, '../../src/service/process.ts');
const NARRATIVE = 'Les motos sont venues du marché aux bestiaux.';

let child: ChildProcess | undefined;
const clean: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  child?.kill('SIGKILL');
  for (const each of clean.splice(0).toReversed()) await each();
});

test('what a seized server holds opens no case that was sent', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lakana-seized-'));
  clean.push(() => rm(folder, { recursive: true, force: true }));
  const world = await openWorld(telegram);
  clean.push(() => world.close());
  const { database, teamSecret, serverKey } = world;
  const awa = await greets(world.person('Awa'));
  await answersUntil(awa, /1\. Envoyer/, { words: NARRATIVE });
  await awa.chooses('Envoyer');
  await awa.seesText('Votre signalement est enregistré');
  await world.isQuiet();
  const [row] = await database.sql<{ reference: string; id: string }[]>`
    select reference, id from cases where is_submitted`;
  const caseId = row?.id ?? '';
  // It is in the case: the team reads it.
  expect(JSON.stringify(await world.openCase(row?.reference ?? ''))).toContain(NARRATIVE);
  await world.stops();

  const { token, apiRoot } = accessTo(world.messenger.fake);
  await writeFile(join(folder, 'server.key'), serverKey);
  await writeFile(join(folder, 'team.pub'), `${world.teamRecipient}\n`);
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: database.url,
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    TELEGRAM_BOT_TOKEN: token.reveal(),
    TELEGRAM_API_ROOT: apiRoot,
    SERVER_KEY_FILE: join(folder, 'server.key'),
    TEAM_RECIPIENT_FILE: join(folder, 'team.pub'),
  };
  const args = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder}`, MAIN];
  child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const [banner] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
  expect(banner.toString()).toContain('Lakana is ready (live)');
  child.kill('SIGUSR2');
  const snapshots = async () => (await readdir(folder)).filter((name) => name.endsWith('.heapsnapshot'));
  await expect.poll(async () => (await snapshots()).length).toBe(1);
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
  const heap = await readFile(join(folder, (await snapshots())[0] ?? ''), 'utf8');
  const rows = await everythingIn(database);
  // What the server's key and the day's key open: where the person stands, and nothing of what they said.
  const ctx = await testContext({
    db: database.db,
    keyring: parseKeyring(serverKey),
    recipient: world.teamRecipient,
  });
  const [contact] = await database.sql<{ id: ContactId }[]>`select contact_id as id from conversations`;
  const id = contact?.id as ContactId;
  const state = await transact(ctx, async (at) =>
    loadConversation(at, id, await findConversation(at.tx, id)),
  );
  expect(state?.isSubmitted).toBe(true);

  const held = { heap, rows, serverKey, conversation: JSON.stringify(state) };
  for (const [name, text] of Object.entries(held)) {
    expect(text.length, name).toBeGreaterThan(100);
    expect(text.includes(NARRATIVE), `what was told, in ${name}`).toBe(false);
    expect(text.includes(teamSecret), `the team's key, in ${name}`).toBe(false);
  }
  // Whatever looks like a key in all of it opens no case.
  const keys = Object.values(held).flatMap((text) => text.match(/AGE-SECRET-KEY-PQ-1[A-Z0-9]{40,}/g) ?? []);
  const [wrap] = await database.sql`select wrapped_secret from case_wraps where case_id = ${caseId}`;
  for (const key of new Set(keys))
    await expect(openCaseSecret(key, caseId, wrap?.wrapped_secret)).rejects.toThrow();
  expect(await openCaseSecret(teamSecret, caseId, wrap?.wrapped_secret)).toContain('AGE-SECRET-KEY');
});
