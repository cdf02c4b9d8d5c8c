/** What the start says below its banner: what is not well although the service runs. `doctor` says the same. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkFetching } from '../../src/doctor/channels.ts';
import { newId } from '../../src/kernel/ids.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { wanted } from '../../src/messengers/messenger.ts';
import { telegram } from '../../src/messengers/telegram/telegram.ts';
import { portOfChance, problemsAfter } from '../../src/service/after-start.ts';
import { banner, problemLine } from '../../src/service/banner.ts';
import { type DutyRoom, openDutyRoom } from '../app/alerts/duty-room.ts';
import { startGateway } from '../fakes/paging/gateways.ts';
import { liveConfig } from '../live-config.ts';

let room: DutyRoom;
let api: Awaited<ReturnType<typeof startGateway>>;
beforeEach(async () => {
  room = await openDutyRoom();
  api = await startGateway();
  api.answer({ status: 200, body: { ok: true, result: { username: 'lakana_test_bot' } } });
});
afterEach(async () => {
  await api.close();
  await room.close();
});

const ours = () => [wanted(telegram, { token: new Secret('1:CANARY'), apiRoot: api.url })];
const lines = async () => {
  const config = liveConfig('', { serverKey: '', recipient: '' });
  return (await problemsAfter({ ...config, port: 8080, messengers: ours() }, room.ctx)).map(problemLine);
};

it('says where a trial’s key lies, in the DATA_DIR that was given, and names a port of chance', () => {
  const live = { ...liveConfig('', { serverKey: '', recipient: '' }), dataDir: '/var/lib/lakana' };
  const said = banner(
    { ...live, mode: 'trial' },
    'http://127.0.0.1:8080',
    'http://localhost:8080/console/#join=1',
  );
  expect(said).toContain('bring the key in /var/lib/lakana/trial-keys/team.key');
  expect(portOfChance({ mode: 'live', port: 0 })?.setting).toBe('PORT');
  expect(portOfChance({ mode: 'trial', port: 0 })).toBeUndefined();
});

it.each([401, 404])(
  'names the token that Telegram refuses with %i, and not the token itself',
  async (code) => {
    await room.enrol('Awa');
    expect(await lines()).toEqual([]);
    api.answer({ status: code, body: { ok: false, error_code: code, description: 'no' } });
    const [line, ...more] = await lines();
    expect(line).toBe(
      `TELEGRAM_BOT_TOKEN is refused (telegram_${code}): nobody is heard on Telegram: copy it from @BotFather again, then start the service again`,
    );
    expect(more).toEqual([]);
  },
);

it('names the Bot API server from which files cannot be fetched, and so does doctor', async () => {
  await room.enrol('Awa');
  const { caseId } = await room.raise();
  const now = room.clock.at();
  for (const refusal of ['gone', 'too_big'])
    await room.database.sql`insert into evidence (id, case_id, state, media, refusal, created_at)
      values (${newId()}, ${caseId}, 'refused', 'voice', ${refusal}, ${now})`;
  const [line] = await lines();
  const config = { ...liveConfig('', { serverKey: '', recipient: '' }), messengers: ours() };
  const { state, name, detail, mend } = await checkFetching(config, room.database.db);
  expect(state).toBe('warn');
  expect(line).toBe(`${name} ${detail}: ${mend}`);
  expect(line).toMatch(
    /^TELEGRAM_API_ROOT does not give files that people sent \(1 in the last 7 days\): have that server give files under \/file\//,
  );
});
