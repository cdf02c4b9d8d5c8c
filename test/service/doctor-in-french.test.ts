/** A coordinator who reads French looks how the service is. The person who runs the server reads the same in English. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel } from '../../src/channels/channel.ts';
import type { Config } from '../../src/config.ts';
import { createDoctor, type Shown } from '../../src/doctor/of-service.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { ChannelKind } from '../../src/kernel/vocabulary.ts';
import { createReadiness } from '../../src/service/readiness.ts';
import { openRoom } from '../app/room.ts';
import { liveConfig } from '../live-config.ts';

/** What is said in any language: a command, a setting, a number or a name alone. */
const TECHNICAL =
  /^(?:\.\/lakana [a-z -]+(?:…|--wait)?|npm [a-z -]+|[\d.]+|[0-9a-f]{4}(?: [0-9a-f]{4})*|[\w-]+|alter system set .*|docs\/[\w/.-]+)$/;
/** What no French line holds, beside commands and titles of pages. */
const ENGLISH = /\b(?:the|is|are|was|were|not|of|and|with|nobody|see|has|have|does|that)\b/;

const texts = ({ checks, missing }: Shown): string[] => [
  ...checks.flatMap(({ detail, mend }) => [detail, mend ?? '']),
  ...missing,
];

let room: Awaited<ReturnType<typeof openRoom>>;
let folder: string;
let looks: ReturnType<typeof createDoctor>;

/** A service in which much is not well: everything waits, no backup is made, a way to page has no money, the clock is far off. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakana-etat-'));
  await writeFile(join(folder, 'a-file'), '');
  room = await openRoom();
  const keys = { serverKey: room.serverKey, recipient: room.team.recipient };
  const config: Config = {
    ...liveConfig(room.database.url, keys),
    dataDir: join(folder, 'a-file/data'),
    contentDir: join(folder, 'own'),
    languages: ['fr', 'bm'],
    port: 0,
    email: { url: new Secret('smtp://lakana:word@127.0.0.1:1'), from: 'lakana@example.org' },
  };
  const { sql } = room.database;
  await sql`insert into inbox (channel, message_index, state, received_at)
    select 'telegram', n::text::bytea, case when n = 1 then 'parked' else 'waiting' end, now() - interval '1 hour'
    from generate_series(1, 3) n`;
  await sql`insert into channel_troubles (channel, because, since, told) values
    ('telegram', 'account_key', now(), 0), ('whatsapp', 'down', now(), 2)`;
  const way = (kind: string, fault?: string): Channel =>
    ({
      ...room.ctx.channels.get('telegram'),
      kind,
      health: () => ({ state: 'down', lastError: 'E1', ...(fault ? { fault } : {}) }),
      probe: async () => {
        throw new Error('silent');
      },
    }) as unknown as Channel;
  const channels = new Map([
    ['email', way('email')],
    ['sms', way('sms', 'balance')],
  ]) as ReadonlyMap<ChannelKind, Channel>;
  const readiness = createReadiness(
    { ...room.ctx, channels },
    { ages: () => [{ name: 'inbox', seconds: 99 }] },
    { silent: () => new Map() },
    { trouble: () => 'not_trusted' },
  );
  looks = createDoctor(config, { channels, database: room.database, readiness });
});
afterAll(async () => {
  await room.close();
  await rm(folder, { recursive: true });
});

test('and finds no line in the English of the terminal, but commands and settings', async () => {
  const [french, english] = [await looks('fr'), await looks('en')];
  expect(french.language).toBe('fr');
  expect(french.checks.map(({ state }) => state)).toEqual(english.checks.map(({ state }) => state));
  const terminal = new Set(texts(english));
  const left = texts(french).filter((line) => line !== '' && terminal.has(line) && !TECHNICAL.test(line));
  expect(left).toEqual([]);
  expect(texts(french).filter((line) => ENGLISH.test(line))).toEqual([]);
  // Much was not well, so that the lines with a mend were among them.
  expect(french.checks.filter(({ state }) => state !== 'ok').length).toBeGreaterThan(15);
});

test('and reads how much waits no more than in English', async () => {
  const { checks } = await looks('fr');
  expect(checks.filter(({ name }) => name === 'mis de côté')).toEqual([
    {
      name: 'mis de côté',
      state: 'warn',
      detail: 'des messages reçus n’ont pas pu être traités',
      mend: expect.stringContaining('ils sont gardés'),
    },
  ]);
});

test('and reads French where the service has no words in the language that she wants', async () => {
  expect((await looks('bm')).language).toBe('fr');
});
