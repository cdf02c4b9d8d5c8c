/**
 * Random rows of another hand, among what people do: whatever an intruder writes, copies, moves, cuts, puts back or takes away,
 * reporters read what the files say or what people said last, and people go on.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { audit } from '../../src/app/records/audit.ts';
import { auditEnd } from '../../src/app/records/audit-end.ts';
import { followTexts, readBench, rememberTexts } from '../../src/app/texts/bench.ts';
import { commentOn } from '../../src/app/texts/changing.ts';
import { textAt } from '../../src/conversation/said/own-texts.ts';
import { parseKeyring } from '../../src/crypto/keyring.ts';
import { seenTextsIn } from '../../src/service/seen-texts.ts';
import { OTHER, openTextsRoom, SAFETY, type TextsRoom, THIRD } from '../app/texts-room.ts';

const KEYS = [SAFETY, OTHER, THIRD] as const;
/** As many as have time in each check; more, of other seeds, by `LAKANA_RUNS` and `LAKANA_SEED`. */
const RUNS = 4;
const SEED = 20_261_201;

type Row = Record<string, unknown>;
type Step =
  | { is: 'say'; key: number; isOther: boolean }
  | { is: 'comment' | 'sign_in' | 'start' | 'follow' | 'keep' | 'put_back' }
  | {
      is: 'delete' | 'copy' | 'cut' | 'swap' | 'spoil' | 'stretch';
      isLog: boolean;
      pick: number;
      place: number;
    };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ is: fc.constant('say' as const), key: fc.nat(2), isOther: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constantFrom(...(['comment', 'sign_in', 'start', 'follow', 'keep', 'put_back'] as const)),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      is: fc.constantFrom(...(['delete', 'copy', 'cut', 'swap', 'spoil', 'stretch'] as const)),
      isLog: fc.boolean(),
      pick: fc.nat(40),
      place: fc.nat(3),
    }),
  },
);

/** One story: the machine of the service, a second process on it, and the intruder. */
async function plays(room: TextsRoom, folder: string, steps: readonly Step[]): Promise<void> {
  const { sql } = room.database;
  await room.intrudes(async () => undefined);
  await sql`truncate text_changes`;
  await sql`delete from audit_log`;
  const starts = async () => {
    const keyring = parseKeyring(room.serverKey);
    const ctx = { ...(await room.another()), keyring };
    rememberTexts(ctx, seenTextsIn(folder, keyring, ctx.log));
    await readBench(ctx, ctx.db);
    return ctx;
  };
  let service = await starts();
  const other = await starts();
  const ofFiles = (key: string) => textAt(service.content.ofFiles, 'fr', key);
  /** What people said last of each. */
  const last = new Map<string, string>();
  const said: string[] = [];
  /** Everything that the intruder ever saw, and whole states. */
  const pool = { text_changes: new Map<string, Row>(), audit_log: new Map<string, Row>() };
  const states: { changes: Row[]; log: Row[] }[] = [];
  let count = 0;

  const looks = async () => {
    for (const table of ['text_changes', 'audit_log'] as const)
      for (const row of await sql<Row[]>`select * from ${sql(table)}`)
        pool[table].set(JSON.stringify([row.id, row.seq, row.link]), row);
  };
  const isRight = (where: string) => {
    for (const each of [service, other])
      for (const key of KEYS) {
        const now = textAt(each.content.now(), 'fr', key);
        const allowed = [ofFiles(key), last.get(key)];
        expect(allowed, `${where}: ${key} after ${said.join(', ')}`).toContainEqual(now);
      }
  };
  /** One person says it, a second one agrees where it takes two. */
  const triesToSay = async (ctx: typeof service, key: string, text: string): Promise<boolean> => {
    const first = await room.says(room.coordinator, key, text, ctx);
    if (!first.ok) return false;
    const done = first.is === 'propose' ? await room.saysYes(room.translator, key, undefined, ctx) : first;
    if (done.ok) last.set(key, text);
    return done.ok && textAt(ctx.content.now(), 'fr', key) === text;
  };
  const says = async ({ key: n, isOther }: { key: number; isOther: boolean }) => {
    const key = KEYS[n] ?? SAFETY;
    const ctx = isOther ? other : service;
    count += 1;
    const text =
      key === SAFETY
        ? `Où êtes-vous ${'donc '.repeat((count % 9) + 1)}?`
        : `Rien ${'du tout '.repeat((count % 9) + 1)}.`;
    await followTexts(ctx);
    // Once more where the process learned by that change that others are gone.
    const isSaid = (await triesToSay(ctx, key, text)) || (await triesToSay(ctx, key, text));
    expect(isSaid, `${key} is said after ${said.join(', ')}`).toBe(true);
  };
  const puts = async (table: 'text_changes' | 'audit_log', row: Row) => {
    const { id: _, ...rest } = row;
    await sql`insert into ${sql(table)} ${sql(rest)} on conflict do nothing`;
  };
  type Attack = Extract<Step, { pick: number }>;
  const onTheLog = async ({ is, place }: Attack, row: Row): Promise<void> => {
    const there = Number(row.seq);
    const long = { change: place, hash: 'x'.repeat(9_000) };
    if (is === 'spoil')
      await sql`update audit_log set mac = null, detail = detail || '{"lost": true}' where seq = ${there}`;
    if (is === 'swap') await sql`update audit_log set at = now() + interval '1 year' where seq = ${there}`;
    if (is === 'stretch') await puts('audit_log', { ...row, seq: there + 7 + place, detail: long });
  };
  const onChanges = async ({ is, place }: Attack, row: Row): Promise<void> => {
    const there = Number(row.seq);
    const to = { key: KEYS[place % 3] ?? SAFETY, language: place === 0 ? 'en' : 'fr' };
    if (is === 'spoil')
      await sql`update text_changes set sealed = substring(sealed from 1 for 30) where seq = ${there}`;
    if (is === 'swap') await sql`update text_changes set ${sql(to)} where seq = ${there}`;
    if (is === 'stretch') await puts('text_changes', { ...row, sealed: Buffer.alloc(200_000, place) });
  };
  const intrudes = async (attack: Attack): Promise<void> => {
    const { is, isLog, pick, place } = attack;
    const table = isLog ? ('audit_log' as const) : ('text_changes' as const);
    const rows = [...pool[table].values()];
    const row = rows[pick % Math.max(1, rows.length)];
    if (!row) return;
    const there = Number(row.seq);
    if (is === 'delete') await sql`delete from ${sql(table)} where seq = ${there}`;
    if (is === 'copy') await puts(table, place === 0 ? row : { ...row, seq: there + place - 1 });
    if (is === 'cut') await sql`delete from ${sql(table)} where seq > ${there}`;
    await (isLog ? onTheLog(attack, row) : onChanges(attack, row));
  };

  for (const each of steps) {
    said.push(JSON.stringify(each));
    room.clock.advance(1_000);
    switch (each.is) {
      case 'say':
        await says(each);
        break;
      case 'comment':
        await commentOn(service, room.translator, { ...room.fr(THIRD), words: 'Bien.' });
        break;
      case 'sign_in':
        await room.inside((at) => audit(at, { memberId: room.coordinator.id, what: 'signed_in' }));
        break;
      case 'start':
        service = await starts();
        break;
      case 'follow':
        await readBench(service, service.db);
        await readBench(other, other.db);
        break;
      case 'keep':
        states.push({
          changes: await sql<Row[]>`select * from text_changes`,
          log: await sql<Row[]>`select * from audit_log`,
        });
        break;
      case 'put_back': {
        const old = states.shift();
        if (!old) break;
        await sql`truncate text_changes`;
        await sql`delete from audit_log`;
        for (const row of old.changes) await puts('text_changes', row);
        for (const row of old.log) await puts('audit_log', row);
        break;
      }
      default:
        await intrudes(each);
    }
    await looks();
    for (const ctx of [service, other]) await followTexts(ctx);
    isRight(each.is);
  }
  // Whatever it was: the service starts, its log goes on, and people say things that are said.
  service = await starts();
  isRight('at the end');
  await room.inside((at) => audit(at, { memberId: room.coordinator.id, what: 'signed_in' }));
  expect((await auditEnd(room.database.db, service.keyring)).last?.what).toBe('signed_in');
  for (const key of [0, 1]) await says({ key, isOther: false });
  service = await starts();
  for (const key of [SAFETY, OTHER]) expect(textAt(service.content.now(), 'fr', key)).toBe(last.get(key));
}

it('says what the files say or what people said last, whatever rows an intruder writes, and people go on', async () => {
  const room = await openTextsRoom();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }), async (steps) => {
        const folder = await mkdtemp(join(tmpdir(), 'lakana-seen-'));
        try {
          await plays(room, folder, steps);
        } finally {
          await rm(folder, { recursive: true });
        }
      }),
      {
        numRuns: Number(process.env.LAKANA_RUNS ?? RUNS),
        endOnFailure: true,
        seed: Number(process.env.LAKANA_SEED ?? SEED),
      },
    );
  } finally {
    await room.close();
  }
}, 600_000);
