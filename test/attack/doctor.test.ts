/** A session of a coordinator in other hands: what the room that says how the service is gives away. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addOfficer } from '../../src/app/duty/officers.ts';
import { inEnglish, line } from '../../src/app/ground/lines.ts';
import type { Channel } from '../../src/channels/channel.ts';
import type { Config } from '../../src/config.ts';
import { ok } from '../../src/doctor/check.ts';
import { databaseChecks } from '../../src/doctor/database.ts';
import { lookAtAll } from '../../src/doctor/diagnose.ts';
import { createDoctor } from '../../src/doctor/of-service.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { openRoom } from '../app/room.ts';
import { liveConfig } from '../live-config.ts';

let room: Awaited<ReturnType<typeof openRoom>>;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-canary-'));
  room = await openRoom();
});
afterEach(async () => {
  await room.close();
  await rm(folder, { recursive: true });
});

/** Everything that a setting keeps for itself. */
const SECRETS = ['canary-metrics', 'canary-mail', 'canary-ntfy', 'canary-watch'];

function configHere(): Config {
  const keys = { serverKey: room.serverKey, recipient: room.team.recipient };
  return {
    ...liveConfig(room.database.url, keys),
    dataDir: folder,
    metricsToken: new Secret('canary-metrics'),
    email: { url: new Secret('smtp://lakana:canary-mail@127.0.0.1:1'), from: 'lakana@example.org' },
    ntfy: { url: 'http://127.0.0.1:1', token: new Secret('canary-ntfy') },
    heartbeatUrl: new Secret('https://watch.example.org/canary-watch'),
  };
}

describe('an intruder with the session of a coordinator', () => {
  it('reads in the room how the service is as the operator does, but no place, name, number or secret; and no one is asked more often for it', async () => {
    const config = configHere();
    await room.inside((at) => addOfficer(at, { name: 'Canary Kadi', role: 'supervisor', language: 'fr' }));
    await room.database.sql`insert into inbox (channel, message_index, state, received_at)
      select 'telegram', n::text::bytea, 'parked', now() from generate_series(1, 17) n`;
    let asked = 0;
    const way: Channel = {
      ...room.ctx.channels.get('telegram'),
      kind: 'email',
      health: () => ({ state: 'up' }),
      probe: async () => {
        asked += 1;
        return undefined;
      },
    } as unknown as Channel;
    const readiness = async () => ({ checks: [{ name: 'database', ok: true, isVital: true }] });
    const looks = createDoctor(config, {
      channels: new Map([['email', way]]),
      database: room.database,
      readiness,
    });
    const [shown, again] = await Promise.all([looks('en'), looks('en')]);
    expect(again).toEqual(shown);
    expect(asked).toBe(1);

    const operator = await lookAtAll(config, {
      settings: ok('settings', line('settings.usable')),
      paging: async () => [],
      running: async () => [],
      database: () => databaseChecks(config),
    });
    const said = JSON.stringify(shown);
    const read = JSON.stringify(operator);
    // The operator sees where things lie, and how much waits.
    expect(read).toContain(folder);
    expect(read).toContain('17 incoming messages could not be handled');
    for (const each of [...SECRETS, folder, process.cwd(), 'Canary', '17 incoming', room.database.url])
      expect(said, each).not.toContain(each);
    expect(said).toContain('GB free for DATA_DIR');
    expect(said).toContain('some incoming messages could not be handled');
    // Otherwise it is the same, and what is not seen from there is said.
    const names = (found: { checks: readonly { name: string }[] }) => found.checks.map(({ name }) => name);
    expect(names(shown)).toEqual(expect.arrayContaining([...new Set(names(operator))]));
    expect(shown.missing).toEqual(operator.missing.map(inEnglish));
    expect(shown.checks.filter(({ state }) => state === 'unseen').map(({ name }) => name)).toEqual([
      'settings',
      '.env',
    ]);
    const mended = shown.checks.filter(({ state }) => state !== 'ok');
    expect(mended.filter(({ mend }) => !mend)).toEqual([]);
  });
});
