/** The streams of changes: whose they are, and when they end. */
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeOut } from '../../../src/app/members/members.ts';
import { endSession, revokePasskey } from '../../../src/db/members.ts';
import { createHttpApp } from '../../../src/http/app.ts';
import { COOKIE } from '../../../src/http/console/guard.ts';
import type { App } from '../../../src/http/zod-provider.ts';
import { createLog } from '../../../src/kernel/log.ts';
import { openRoom } from '../../app/room.ts';
import { type Joined, joins } from './member.ts';

const ORIGIN = 'https://lakana.example.org';
let room: Awaited<ReturnType<typeof openRoom>>;
let app: App;
let url = '';
beforeAll(async () => {
  room = await openRoom();
  await joins(room, 'administrator');
  app = await createHttpApp({
    log: createLog('silent'),
    readiness: async () => ({ checks: [] }),
    console: {
      ctx: room.ctx,
      site: () => ({ origin: ORIGIN, rpId: 'lakana.example.org' }),
      onChange: () => () => undefined,
      news: () => '',
      root: resolve('dist/console'),
    },
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await app.close();
  await room.close();
});

const asks = (path: string, { token }: Joined, method = 'GET') =>
  fetch(`${url}/console/api${path}`, { method, headers: { origin: ORIGIN, cookie: `${COOKIE}=${token}` } });

/** Opens a stream; what it says stands in `said`, and `ended` resolves when it is over. */
async function listens(who: Joined) {
  const answer = await asks('/changes', who);
  const said: string[] = [];
  const first = Promise.withResolvers<void>();
  const read = async () => {
    for await (const chunk of answer.body ?? []) {
      said.push(Buffer.from(chunk).toString());
      first.resolve();
    }
  };
  const ended = read();
  await first.promise;
  return { answer, ended, all: () => said.join('') };
}

describe('a stream of changes', () => {
  it('asks proxies to pass on at once what it says, and begins at once', async () => {
    const who = await joins(room, 'officer');
    const { answer, all, ended } = await listens(who);
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(all()).toContain('data: {"is":"there"}');
    await asks('/sign-out', who, 'POST');
    await ended;
  });

  it('ends as soon as a member signs out, takes the device away, or takes the person out', async () => {
    const admin = await joins(room, 'administrator');
    const ways: [string, (who: Joined) => Promise<unknown>][] = [
      ['signs out', (who) => asks('/sign-out', who, 'POST')],
      ['loses the device', (who) => asks(`/devices/${who.passkeyId}`, admin, 'DELETE')],
      ['is taken out', (who) => asks(`/members/${who.id}`, admin, 'DELETE')],
    ];
    for (const [, ends] of ways) {
      const who = await joins(room, 'officer');
      const { all, ended } = await listens(who);
      await ends(who);
      await ended;
      expect(all()).toContain('event: over');
      expect((await asks('/changes', who)).status).toBe(401);
    }
  });

  it('ends within seconds when the session is over by itself or was ended by another process; says meanwhile that it lives', async () => {
    const [idle, ended, revoked, gone] = await Promise.all(
      Array.from({ length: 4 }, () => joins(room, 'coordinator')),
    );
    if (!idle || !ended || !revoked || !gone) throw new Error('four have joined');
    const streams = await Promise.all([idle, ended, revoked, gone].map(listens));
    await room.inside(async (at) => {
      const { tx, now } = at;
      await tx.execute(
        `update sessions set last_seen_at = last_seen_at - interval '31 minutes' where member_id = '${idle.id}'`,
      );
      const [session] = await room.database.sql`select id from sessions where member_id = ${ended.id}`;
      await endSession(tx, ended.id, session?.id);
      await revokePasskey(tx, revoked.passkeyId, now);
      await takeOut(at, null, gone.id);
    });
    await Promise.all(streams.map((each) => each.ended));
    for (const { all } of streams) expect(all()).toMatch(/event: alive[\s\S]*event: over/);
  });

  it('is one of eight at most for one person: the oldest is told, and ends', async () => {
    const [who, other] = [await joins(room, 'officer'), await joins(room, 'officer')];
    const theirs = await listens(other);
    const streams = [];
    for (let n = 0; n < 9; n++) streams.push(await listens(who));
    await streams[0]?.ended;
    expect(streams[0]?.all()).toContain('event: enough');
    expect(streams.slice(1).some(({ all }) => all().includes('enough'))).toBe(false);
    expect(theirs.all()).not.toContain('enough');
    await Promise.all([who, other].map((each) => asks('/sign-out', each, 'POST')));
    await Promise.all([...streams, theirs].map(({ ended }) => ended));
  });
});
