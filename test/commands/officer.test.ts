import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../database.ts';
import { ntfyServer, startGateway } from '../fakes/paging/gateways.ts';
import { startMailServer } from '../fakes/paging/mail-server.ts';
import { type FakeTelegram, startFakeTelegram } from '../fakes/telegram/telegram.ts';
import { operator } from './lakana.ts';

let database: TestDatabase;
let telegram: FakeTelegram;
let they: Awaited<ReturnType<typeof operator>>;
beforeAll(async () => {
  database = await createTestDatabase();
  telegram = await startFakeTelegram();
  they = await operator({
    DATABASE_URL: database.url,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    SERVER_KEY_FILE: '../keys-of-operator/server.key',
    TEAM_RECIPIENT_FILE: 'team.key.pub',
  });
  they.settings.SERVER_KEY_FILE = join(they.folder, 'server.key');
  await they.lakana('keys', 'init-server');
  await they.lakana('keys', 'init-team', '--out', 'team.key');
});
afterAll(async () => {
  await they.leaves();
  await telegram.close();
  await database.close();
});

describe('an officer', () => {
  test('is added with a code and a link that open for a day', async () => {
    const { json, code } = await they.asks('officer', 'add', '--name', 'Awa Keïta', '--role', 'supervisor');
    expect(code).toBe(0);
    expect(json.code).toMatch(/^[2-9A-Z]{12}$/);
    expect(json.link).toBe(`https://t.me/lakana_test_bot?start=${json.code}`);
    const hours = (Date.parse(json.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23.9);
    expect(hours).toBeLessThan(24.1);
  });

  test('is listed by name for the operator, while the database holds no name and no code', async () => {
    const { json } = await they.asks('officer', 'list');
    expect(json.officers).toMatchObject([
      { name: 'Awa Keïta', role: 'supervisor', state: 'waiting', channels: [] },
    ]);
    const [row] =
      await database.sql`select encode(name_sealed, 'escape') || encode(code_index, 'escape') as all from officers`;
    expect(String(row?.all)).not.toContain('Awa');
  });

  test('who lost the code gets another, and then the first no longer counts', async () => {
    const before = await database.sql`select code_index from officers`;
    const { json } = await they.asks('officer', 'code', 'awa keïta');
    expect(json.code).toMatch(/^[2-9A-Z]{12}$/);
    expect(await database.sql`select code_index from officers`).not.toEqual(before);
  });

  test('is removed by name', async () => {
    expect((await they.lakana('officer', 'remove', 'Awa Keïta')).code).toBe(0);
    expect((await they.asks('officer', 'list')).json.officers).toEqual([]);
    const again = await they.lakana('officer', 'remove', 'Awa Keïta');
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/^✗ nobody has this name/);
  });
});

test('a further contact is added, shown masked, and revoked; one that cannot be is told how to mend it', async () => {
  await they.lakana('officer', 'add', '--name', 'Binta Coulibaly');
  const url = 'https://siren.example.org/lakana';
  const { json } = await they.asks('officer', 'contact', 'add', 'Binta', '--webhook', url);
  expect(json.secret).toMatch(/^[\w-]{32}$/);
  const listed = await they.lakana('officer', 'contact', 'list', 'Binta');
  expect(listed.out).toMatch(/webhook +siren\.example\.org +at once +waiting/);
  expect(listed.out).not.toContain('/lakana');
  const unset = await they.lakana('officer', 'contact', 'add', 'Binta', '--sms', '70000000');
  expect(unset.err).toContain('sms is not set up: see docs/contacts.md');
  expect((await they.lakana('officer', 'contact', 'revoke', 'Binta', 'webhook')).code).toBe(0);
  const gone = await they.lakana('officer', 'contact', 'revoke', 'Binta', 'webhook');
  expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('give the id of one contact') });
  await they.lakana('officer', 'remove', 'Binta');
});

test('an officer’s only chat is not revoked, and the operator is told what to do instead', async () => {
  await they.lakana('officer', 'add', '--name', 'Fanta');
  await they.lakana('officer', 'contact', 'add', 'Fanta', '--webhook', 'https://fanta.example.org/x');
  // As if she had enrolled from a chat.
  await database.sql`update contacts set channel = 'telegram'`;
  await database.sql`update officer_contacts set verified_at = now()`;
  await database.sql`update officers set enrolled_at = now()`;
  const refused = await they.lakana('officer', 'contact', 'revoke', 'Fanta', 'telegram');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('no other chat of theirs works') });
  expect(await database.sql`select 1 from officer_contacts`).toHaveLength(1);
  await they.lakana('officer', 'remove', 'Fanta');
}, 60_000);

test('a role that does not exist is refused in one line', async () => {
  const said = await they.lakana('officer', 'add', '--name', 'Issa', '--role', 'boss');
  expect(said).toMatchObject({ code: 1, err: '✗ --role is officer or supervisor\n' });
});

test('without the bot’s answer there is a code and no link', async () => {
  telegram.fail({ method: 'getMe', with: 500, times: 1 });
  const { json, code } = await they.asks('officer', 'add', '--name', 'Issa');
  expect(code).toBe(0);
  expect(json).toMatchObject({ link: null });
});

test('the settings of a trial do not touch the database of a live service', async () => {
  const stranger = await operator({ DATABASE_URL: database.url });
  const said = await stranger.lakana('officer', 'list');
  expect(said.code).toBe(1);
  expect(said.err).toContain('belongs to a live service');
  await stranger.leaves();
});

test('doctor knows the bot, both keys and what is missing, and tells neither token nor password', async () => {
  const said = await they.lakana('doctor');
  // The tests' own PostgreSQL may lose what was committed: that is what doctor must not let pass.
  expect(said.code).toBe(1);
  expect(said.out).toContain('a power cut may lose reports');
  expect(said.out.split('\n').filter((line) => line.startsWith('✗'))).toEqual([
    expect.stringContaining('power cut'),
  ]);
  expect(said.out).toContain('✓ telegram: @lakana_test_bot, by polling');
  expect(said.out).toMatch(/✓ team key: ([0-9a-f]{4} ){8}/);
  expect(said.out).toContain('! officers: 0 enrolled');
  expect(said.out).toContain('NOT FOR REAL REPORTERS until:');
  expect(said.out).toContain('two supervisors are enrolled');
  expect(said.out + said.err).not.toContain(telegram.token);
  expect(said.out + said.err).not.toContain(new URL(database.url).password);
});

test('doctor fails, and says how to mend it, when Telegram refuses the token', async () => {
  telegram.fail({ method: 'getMe', with: 401, times: 1 });
  const { code, json } = await they.asks('doctor');
  expect(code).toBe(1);
  expect(json).toMatchObject({ ok: false, isForRealReporters: false });
  expect(json.checks).toContainEqual(expect.objectContaining({ name: 'telegram', state: 'fail' }));
});

test('doctor asks the mail server, and says which contacts and channels do not work', async () => {
  const [mail, ntfy] = await Promise.all([startMailServer(), startGateway()]);
  ntfy.answer(ntfyServer({ good: 'tk_new' }).answer);
  const sure = await operator({
    ...they.settings,
    TEAM_RECIPIENT_FILE: join(they.folder, 'team.key.pub'),
    SMTP_URL: mail.url,
    SMTP_FROM: 'permanence@example.org',
    NTFY_URL: ntfy.url,
    NTFY_TOKEN: 'tk_old',
  });
  await database.sql`insert into channel_troubles (channel, because, since, told)
    values ('ntfy', 'no_answer', now(), 2), ('sms', 'account_sender', now(), 2)`;
  await sure.lakana('officer', 'add', '--name', 'Binta');
  const added = await sure.lakana('officer', 'contact', 'add', 'Binta', '--email', 'binta@example.org');
  expect(added.err).toBe('');
  const well = await sure.lakana('doctor');
  expect(well.out).toContain('! contacts: 1 of officers wait for their code');
  expect(well.out).toContain('✓ email: answers');
  expect(well.out).toMatch(/! ntfy: does not work since 20\d\d-.*; officers were told/);
  expect(well.out).toMatch(
    /! sms: .*: the sender is refused; officers were told; set AFRICASTALKING_SMS_FROM/,
  );
  // It says that it is healthy to a client that asks without a token.
  expect(well.out).toMatch(/✗ ntfy: does not send: our key .*refused.*\(http_401\); .*NTFY_TOKEN/);
  await Promise.all([mail.close(), ntfy.close()]);
  const cut = await sure.lakana('doctor');
  expect(cut.out).toContain('✗ email: does not answer (ESOCKET)');
  await database.sql`delete from channel_troubles`;
  await sure.leaves();
});

test('doctor fails in one line when the database is away', async () => {
  const away = await operator({ DATABASE_URL: 'postgres://lakana:CANARY@127.0.0.1:1/lakana' });
  const said = await away.lakana('doctor');
  expect(said.code).toBe(1);
  expect(said.out).toMatch(/✗ DATABASE_URL: names a host where no database answers \(ECONNREFUSED\); see/);
  expect(said.out + said.err).not.toContain('CANARY');
  await away.leaves();
});

test('doctor names every bad setting', async () => {
  const wrong = await operator({ PORT: 'eighty', TELEGRAM_BOT_TOKEN: 'x' });
  const { code, json } = await wrong.asks('doctor');
  expect(code).toBe(1);
  expect(
    json.checks
      .filter((each: { state: string }) => each.state === 'fail')
      .map((each: { name: string }) => each.name),
  ).toEqual(expect.arrayContaining(['PORT', 'TELEGRAM_BOT_TOKEN']));
  await wrong.leaves();
});
