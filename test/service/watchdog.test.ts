/** The sign of life that a monitor outside expects: given only while people would be heard. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { raiseDrill } from '../../src/app/alerts/drill.ts';
import { createProbes } from '../../src/app/watch/probes.ts';
import { createEmailChannel } from '../../src/channels/email/email-channel.ts';
import { updateAlert } from '../../src/db/alerts.ts';
import { createWatchdog, type Facts, isWell } from '../../src/service/watchdog.ts';
import { openRoom } from '../app/room.ts';
import { startGateway } from '../fakes/paging/gateways.ts';
import { startMailServer } from '../fakes/paging/mail-server.ts';

const well: Facts = {
  stuckPages: 0,
  hasDrillFailed: false,
  falls: 2,
  silent: [],
  cycles: [{ name: 'escalate', seconds: 2 }],
  channels: [{ kind: 'telegram', isUp: true, forMs: 0 }],
};

describe('all is well', () => {
  it.each<[string, Partial<Facts>, string]>([
    ['the database does not answer', { stuckPages: undefined }, 'database'],
    ['the alert cycle has stopped', { cycles: [{ name: 'escalate', seconds: 61 }] }, 'cycle_escalate'],
    [
      'a channel is cut off for five minutes',
      { channels: [{ kind: 'telegram', isUp: false, forMs: 300_000 }] },
      'channel_telegram',
    ],
    ['a channel does not answer when asked', { silent: ['email'] }, 'silent_email'],
    ['pages do not leave', { stuckPages: 2 }, 'stuck_pages'],
    ['the last exercise found no officer', { hasDrillFailed: true }, 'drill'],
    ['the service was started again three times within an hour', { falls: 3 }, 'falls'],
  ])('is not said when %s', (_what, facts, because) => {
    expect(isWell({ ...well, ...facts })).toEqual({ ok: false, because });
  });

  it('is said otherwise, also while a channel was cut off for a moment', () => {
    expect(isWell(well)).toEqual({ ok: true });
    expect(isWell({ ...well, channels: [{ kind: 'telegram', isUp: false, forMs: 60_000 }] })).toEqual({
      ok: true,
    });
  });
});

describe('the watch outside', () => {
  let room: Awaited<ReturnType<typeof openRoom>>;
  let outside: Awaited<ReturnType<typeof startGateway>>;
  beforeEach(async () => {
    room = await openRoom();
    outside = await startGateway();
  });
  afterEach(async () => {
    await outside.close();
    await room.close();
  });

  it('hears of us while all is well, and nothing once an exercise has failed', async () => {
    const watchdog = createWatchdog(
      room.ctx,
      { ages: () => well.cycles as never },
      createProbes(room.ctx),
      `${outside.url.replace('//', '//awa:a%2Fb@')}/ping/secret`,
    );
    expect(await watchdog.look()).toEqual({ ok: true });
    expect(outside.requests.map(({ path }) => path)).toEqual(['/ping/secret']);
    const login = Buffer.from('awa:a/b').toString('base64');
    expect(outside.requests[0]?.headers.authorization).toBe(`Basic ${login}`);
    const reference = await room.inside((at) => raiseDrill(at, 'urgent'));
    await room.inside(async ({ tx, now }) => {
      const [row] = await room.database.sql<
        { id: never }[]
      >`select id from alerts where reference = ${reference}`;
      if (row)
        await updateAlert(tx, row.id, {
          state: 'closed',
          nextStepAt: null,
          closedAt: now,
          outcome: 'drill_failed',
        });
    });
    expect(await watchdog.look()).toEqual({ ok: false, because: 'drill' });
    expect(outside.requests).toHaveLength(1);
    await watchdog.stop();
  });

  it('hears nothing while a channel does not answer when asked, twice', async () => {
    const mail = await startMailServer();
    const email = createEmailChannel({ url: mail.url, from: 'permanence@example.org' });
    const ctx = { ...room.ctx, channels: new Map([['email', email]]) as typeof room.ctx.channels };
    const watchdog = createWatchdog(
      ctx,
      { ages: () => well.cycles as never },
      createProbes(ctx),
      outside.url,
    );
    expect(await watchdog.look()).toEqual({ ok: true });
    await mail.close();
    // Asked with every fifth look.
    for (let looks = 0; looks < 9; looks++) await watchdog.look();
    expect(await watchdog.look()).toEqual({ ok: false, because: 'silent_email' });
    await watchdog.stop();
  });

  it('that does not know our address is written down once, without the address', async () => {
    const lines: [string, object][] = [];
    const log = {
      ...room.ctx.log,
      error: (event: string, fields: object) => void lines.push([event, fields]),
    };
    const ctx = { ...room.ctx, log: log as typeof room.ctx.log };
    const cycles = { ages: () => well.cycles as never };
    const watchdog = createWatchdog(ctx, cycles, createProbes(ctx), `${outside.url}/ping/CANARY`);
    outside.answer({ status: 404 });
    await watchdog.look();
    await watchdog.look();
    expect(lines).toEqual([['watch_unheard', { code: 'http_404' }]]);
    outside.answer({ status: 200 });
    await watchdog.look();
    outside.answer({ status: 301, headers: { location: 'https://elsewhere.example.org' } });
    await watchdog.look();
    expect(lines.at(-1)).toEqual(['watch_unheard', { code: 'http_301' }]);
    expect(JSON.stringify(lines)).not.toContain('CANARY');
    await watchdog.stop();
  });

  it('that does not answer holds up nothing', async () => {
    await outside.close();
    const watchdog = createWatchdog(
      room.ctx,
      { ages: () => well.cycles as never },
      createProbes(room.ctx),
      outside.url,
    );
    expect(await watchdog.look()).toEqual({ ok: true });
    await watchdog.stop();
    outside = await startGateway();
  });
});
